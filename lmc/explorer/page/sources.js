// PyTorch's and C++'s files.

function sourceFile() {
  return content.sources.find(({ file }) => file === state.file) ?? content.sources.find(({ text }) => text) ?? content.sources[0];
}

function fileTabs(names, current, patch) {
  return element("div", { class: "toolbar" }, names.map((name) =>
    jump(name, patch(name), { class: "button", "aria-current": name === current ? "true" : null })));
}

const lineText = (file, line) => content.sources.find((one) => one.file === file)?.text?.split("\n")[line - 1];

function sourcesView() {
  const shown = sourceFile();
  if (!shown) return element("p", { class: "page" }, "No op of the design says which PyTorch line it comes from.");
  const tabs = fileTabs(content.sources.map(({ file }) => file), shown.file, (file) => ({ view: "pytorch", file, selected: null }));
  if (!shown.text) return element("div", { class: "page" }, tabs, linesWithoutText(shown.file));
  const last = index.steps[index.steps.length - 1];
  const counted = new Map();
  const known = new Set(index.strings);
  last.source.forEach((name) => counted.set(index.strings[name], (counted.get(index.strings[name]) ?? 0) + 1));
  const key = (line) => `${shown.file}:${line + 1}`;
  const lines = shown.text.split("\n");
  const view = codeView(lines, {
    languages: pythonLanguages(lines),
    label: shown.file,
    wide: true,
    mark: (line) => (known.has(key(line)) ? "has-ops" : shown.callers[line + 1] ? "has-callers" : ""),
    gutter: (line) => (counted.has(key(line)) ? whole(counted.get(key(line))) : shown.callers[line + 1] ? "↳" : ""),
    isChoice: (line) => known.has(key(line)) || Boolean(shown.callers[line + 1]),
    onChoice: (line) => go({ selected: `line:${key(line)}` }),
  });
  view.showSelected = (scrolls) => {
    const [, file, line] = (state.selected ?? "").split(":");
    view.choose(file === shown.file ? Number(line) - 1 : -1, scrolls);
  };
  return element("div", { class: "page" }, tabs,
    source("A number is how many ops of the last step come from the line; ↳ is a line whose ops PyTorch has recorded at the line that calls it."), view);
}

function linesWithoutText(file) {
  const lines = index.strings.filter((name) => name.startsWith(`${file}:`)).sort((a, b) => Number(a.split(":")[1]) - Number(b.split(":")[1]));
  return [element("p", {}, "The file is not on the machine that wrote this page. Lines that ops come from:"),
    element("ul", {}, lines.map((line) => element("li", {}, jump(line, { selected: `line:${line}` }))))];
}

async function cppView() {
  const files = await part("cpp");
  const names = Object.keys(files);
  if (!names.length) return element("p", { class: "page" }, "The compile ended above level 4: there is no C++.");
  const name = names.includes(state.file) ? state.file : names[0];
  const tasks = hardware().tasks.filter((task) => task.cpp?.file === name);
  const wanted = state.selected?.startsWith("task:") ? taskNamed(state.selected.slice(5)) : null;
  const place = wanted?.cpp?.file === name ? wanted.cpp : null;
  const taskAt = (line) => tasks.find(({ cpp }) => cpp.first <= line + 1 && line + 1 <= cpp.last);
  const view = codeView(files[name].split("\n"), {
    language: "cpp",
    label: name,
    wide: true,
    mark: (line) => (place && place.first <= line + 1 && line + 1 <= place.last ? "in-place" : ""),
    isChoice: (line) => Boolean(taskAt(line)),
    onChoice: (line) => go({ selected: `task:${taskAt(line).name}`, line: null }),
  });
  view.showSelected = (scrolls) => view.choose(Number(state.line ?? place?.first ?? 0) - 1, scrolls && (state.line ? true : "start"));
  return element("div", { class: "page" }, fileTabs(names, name, (file) => ({ view: "cpp", file, selected: null, line: null })), view);
}
