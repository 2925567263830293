// Text with numbered lines. Blocks of lines are drawn when they come into view.

const LINES_OF_BLOCK = 100;

// `options`: language, or languages by line; wide: lines are not shortened; mark(line): a class or ""; gutter(line): text
// before the number; title(line): a text or null; isChoice(line): whether it can be chosen, onChoice(line): what happens then.
function codeView(lines, options) {
  const view = element("div", { class: "code", tabindex: "0", role: "listbox", "aria-label": options.label });
  const drawn = new Map();
  const observer = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target)),
    { root: null, rootMargin: "600px 0px" },
  );
  const all = [];
  for (let first = 0; first < lines.length; first += LINES_OF_BLOCK) {
    const count = Math.min(LINES_OF_BLOCK, lines.length - first);
    const block = element("div", { class: "block", style: `height:calc(${count} * var(--line))` });
    block.first = first;
    all.push(block);
    observer.observe(block);
  }
  view.append(...all);

  function draw(block) {
    if (block.childElementCount) return;
    observer.unobserve(block);
    const end = Math.min(block.first + LINES_OF_BLOCK, lines.length);
    for (let line = block.first; line < end; line++) block.append(row(line));
  }

  function row(line) {
    const isChoice = options.isChoice?.(line) ?? true;
    const classes = ["row", options.mark?.(line), isChoice && options.onChoice ? "choice" : ""];
    const made = element(
      "div",
      { class: classes.filter(Boolean).join(" "), "data-line": line, role: "option", title: options.title?.(line) },
      options.gutter ? element("span", { class: "gutter" }, options.gutter(line)) : null,
      element("span", { class: "number" }, String(line + 1)),
      element("span", { class: "text" }, highlighted(options.wide ? lines[line] : shortened(lines[line]), options.languages?.[line] ?? options.language)),
    );
    drawn.set(line, made);
    return made;
  }

  let chosen = -1;

  function choose(line, scrolls) {
    drawn.get(chosen)?.setAttribute("aria-selected", "false");
    chosen = line;
    if (line < 0 || line >= lines.length) return;
    draw(all[Math.floor(line / LINES_OF_BLOCK)]);
    drawn.get(line).setAttribute("aria-selected", "true");
    if (scrolls) drawn.get(line).scrollIntoView({ block: scrolls === true ? "center" : scrolls });
  }

  view.addEventListener("click", (event) => {
    const line = event.target.closest(".choice")?.dataset.line;
    if (line !== undefined && !String(getSelection())) options.onChoice(Number(line));
  });
  view.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !options.onChoice) return;
    let next = chosen + by;
    while (next >= 0 && next < lines.length && options.isChoice && !options.isChoice(next)) next += by;
    if (next < 0 || next >= lines.length) return;
    event.preventDefault();
    choose(next, "nearest");
    options.onChoice(next);
  });
  view.drawAll = () => all.forEach(draw);
  view.choose = choose;
  return view;
}

// Both texts beside each other; `whole` shows what is alike too. `onChoice(side, line)`, `note(line)`: an element after a
// changed line of the other text, or null.
function diffView(one, other, whole, onChoice, note) {
  const view = element("div", { class: "diff", tabindex: "0" });
  const found = differences(one, other);
  const rows = [];
  found.forEach((block) => {
    const changed = Math.max(block.removed, block.added);
    for (let i = 0; i < changed; i++) {
      rows.push([i < block.removed ? block.a + i : -1, i < block.added ? block.b + i : -1, true]);
    }
    const [a, b] = [block.a + block.removed, block.b + block.added];
    for (let i = 0; i < block.same; i++) rows.push([a + i, b + i, false]);
  });
  const near = rows.map((row) => row[2]);
  rows.forEach((row, i) => {
    if (row[2]) for (const by of [-2, -1, 1, 2]) if (i + by in near) near[i + by] = true;
  });
  if (!rows.some((row) => row[2])) {
    view.append(element("p", {}, "The texts are the same."));
    if (!whole) return view;
  }
  for (let i = 0; i < rows.length; ) {
    let end = i;
    const shown = whole || near[i];
    while (end < rows.length && (whole || near[end]) === shown && end - i < (shown ? 60 : Infinity)) end++;
    view.append(shown ? lazy(rows.slice(i, end)) : fold(rows.slice(i, end)));
    i = end;
  }

  function lazy(some) {
    const block = element("div", { class: "block", style: `min-height:calc(${some.length} * var(--line))` });
    block.fill = () => {
      if (!block.childElementCount) block.append(...some.map(pair));
      block.style.minHeight = "";
    };
    onSight(block);
    return block;
  }

  function fold(some) {
    const button = element("button", { class: "fold", onclick: () => button.replaceWith(...chunks(some)) },
      `${plural(some.length, "line")} alike`);
    return button;
  }

  function chunks(some) {
    const made = [];
    for (let i = 0; i < some.length; i += 60) made.push(lazy(some.slice(i, i + 60)));
    return made;
  }

  function pair([a, b, changed]) {
    const runs = changed && a >= 0 && b >= 0 ? wordRuns(one[a], other[b]) : null;
    return element("div", { class: "pair" },
      side(one, a, 0, changed ? "removed" : "", runs), side(other, b, 1, changed ? "added" : "", runs));
  }

  function side(lines, line, which, mark, runs) {
    if (line < 0) return element("div", { class: "side none" });
    const most = mark ? MOST_SHOWN : MOST_ALIKE;
    const made = element("span", { class: "text" }, runs ? marked(runs, which) : highlighted(shortened(lines[line], most), "ir"));
    return element("div", { class: `side choice ${mark}`, onclick: () => onChoice(which, line) },
      element("span", { class: "number" }, String(line + 1)), made, which && mark ? note?.(line) : null);
  }

  view.drawAll = () => view.querySelectorAll(".block").forEach((block) => block.fill());
  return view;
}

const MOST_ALIKE = 110;
const MOST_AROUND = 60;

// One side of two lines: what the other one has not is marked, what both have is left out where long.
function marked(runs, which) {
  return runs.filter(({ side }) => side === -1 || side === which).map(({ text, side }, place, all) => {
    if (side === which) return element("mark", {}, text);
    const first = place === 0 ? 2 * MOST_AROUND : MOST_AROUND;
    const last = place === all.length - 1 ? 0 : MOST_AROUND;
    return highlighted(text.length > first + last + 20 ? `${text.slice(0, first)} … ${last ? text.slice(-last) : ""}` : text, "ir");
  });
}

const sight = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    sight.unobserve(entry.target);
    entry.target.fill();
  }),
  { rootMargin: "600px 0px" },
);
const onSight = (block) => sight.observe(block);
