// The state of the page, which its address holds after the #, and what is drawn for it.

const VIEWS = { overview: "Overview", steps: "Steps", pytorch: "PyTorch", cpp: "C++", graph: "Graph" };
const DRAWN = { overview: overviewView, steps: stepsView, pytorch: sourcesView, cpp: cppView, graph: graphView };
const NAMES = ["view", "step", "against", "mode", "file", "line", "selected"];

let state = {};

function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  state = Object.fromEntries(NAMES.map((name) => [name, given.get(name)]));
  if (!(state.view in VIEWS)) state.view = "overview";
}

function address(wanted) {
  const given = new URLSearchParams();
  for (const name of NAMES) if (wanted[name] !== null && wanted[name] !== undefined) given.set(name, wanted[name]);
  return `#${given}`;
}

function go(patch) {
  location.hash = address({ ...state, ...patch });
}

let shown = "";
let drawing_ = 0;

async function draw() {
  readState();
  const turn = ++drawing_;
  const key = JSON.stringify([state.view, state.step, state.against, state.mode, state.view === "pytorch" || state.view === "cpp" ? state.file : "", state.view === "cpp" ? state.selected : ""]);
  const place = document.getElementById("view");
  document.body.classList.toggle("has-selection", Boolean(state.selected));
  const isNew = key !== shown;
  if (isNew) {
    const made = await DRAWN[state.view]();
    if (turn !== drawing_) return;
    shown = key;
    place.replaceChildren(made);
    place.scrollTop = 0;
    made.ready?.();
  }
  drawTabs();
  for (const one of [place.firstElementChild, ...place.querySelectorAll(".code")]) one?.showSelected?.(isNew ? true : "nearest");
  const panel = await inspected();
  if (turn !== drawing_) return;
  const inspector = document.getElementById("inspector");
  inspector.replaceChildren(...panel.flat(Infinity).filter(Boolean));
  inspector.scrollTop = 0;
  document.documentElement.dataset.drawn = String(turn);
}

function drawTabs() {
  document.getElementById("tabs").replaceChildren(...Object.entries(VIEWS).map(([view, title]) =>
    jump(title, { view, file: null, line: null }, { role: "tab", "aria-selected": String(view === state.view) })));
}

addEventListener("hashchange", draw);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select")) return;
  if (event.key === "/") { event.preventDefault(); document.querySelector("#search input").focus(); }
  else if (event.key === "Escape") go({ selected: null });
  else if (event.key === "[" || event.key === "]") {
    const step = stepOf() + (event.key === "]" ? 1 : -1);
    if (step in content.steps) go({ view: "steps", step, against: null, selected: null });
  }
});
addEventListener("beforeprint", () => document.querySelectorAll(".code, .diff").forEach((one) => one.drawAll()));

async function start() {
  await loadContent();
  document.getElementById("search").append(...searchBox());
  await draw();
}

start();
