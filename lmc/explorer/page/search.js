// Search over tasks, streams, files, passes, patterns, and ops of the last step of each level.

const MOST_FOUND = 8;

function searchBox() {
  const list = element("ul", { id: "found", hidden: true, "aria-label": "Found" });
  const input = element("input", {
    type: "search", placeholder: "Search ops, tasks, streams, files   /", "aria-label": "Search ops, tasks, streams, files", autocomplete: "off",
    oninput: () => show(input.value.trim().toLowerCase()),
    onkeydown: (event) => {
      if (event.key === "Escape") { input.value = ""; show(""); input.blur(); }
      else if (event.key === "ArrowDown") { event.preventDefault(); list.querySelector("a")?.focus(); }
      else if (event.key === "Enter") list.querySelector("a")?.click();
    },
  });
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const next = links.indexOf(document.activeElement) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); (links[next] ?? input).focus(); }
    if (event.key === "Escape") { show(""); input.focus(); }
  });
  list.addEventListener("click", (event) => { if (event.target.closest("a")) { input.value = ""; show(""); input.blur(); } });

  function show(words) {
    list.replaceChildren(...(words ? foundRows(words) : []));
    list.hidden = !words;
  }

  return [input, list];
}

function foundRows(words) {
  const groups = candidates().map(([title, entries]) => [title, entries().filter(({ text }) => text.toLowerCase().includes(words))]);
  const rows = groups.filter(([, entries]) => entries.length).flatMap(([title, entries]) => [
    element("li", { class: "group" }, `${title}${entries.length > MOST_FOUND ? ` (${entries.length}, the first ${MOST_FOUND})` : ""}`),
    ...entries.slice(0, MOST_FOUND).map(({ text, patch }) => element("li", {}, jump(text, patch)))]);
  return rows.length ? rows : [element("li", { class: "group" }, "Nothing is called so.")];
}

function candidates() {
  const found = hardware();
  const steps = content.steps.flatMap((step, number) => (content.steps[number + 1]?.level === step.level ? [] : [number]));
  const files = [...new Set((found?.tasks ?? []).flatMap((task) => (task.cpp ? [task.cpp.file] : [])))];
  return [
    ["Tasks", () => (found?.tasks ?? []).map(({ name }) => ({ text: name, patch: { view: "graph", selected: `task:${name}` } }))],
    ["Streams", () => (found?.streams ?? []).map(({ name }) => ({ text: name, patch: { view: "graph", selected: `stream:${name}` } }))],
    ["Passes", () => content.steps.map((_, step) => ({ text: passesOf(step), patch: { view: "steps", step, against: null, mode: "changes", selected: null } }))],
    ["Patterns", () => content.steps.flatMap(({ work }, step) => work.map(([, pattern]) => ({ text: `${pattern} in ${stepTitle(step)}`, patch: { view: "steps", step, against: null, mode: "changes", selected: null } })))],
    ["Files", () => [...content.sources.map(({ file }) => ({ text: file, patch: { view: "pytorch", file, selected: null } })),
      ...files.map((file) => ({ text: file, patch: { view: "cpp", file, line: null, selected: null } }))]],
    ...steps.map((step) => [`Ops after ${stepTitle(step)}`, () => index.steps[step].line.map((_, op) => ({
      text: opLabel(step, op), patch: { view: "steps", step, mode: "ir", selected: `op:${step}:${op}` } }))]),
  ];
}
