// What is selected: an op, a PyTorch line, a task or a stream, and all that hangs on it.

async function inspected() {
  const selected = state.selected;
  if (!selected) return hint();
  const [kind, ...rest] = selected.split(":");
  if (kind === "op") return opPanel(Number(rest[0]), Number(rest[1]));
  if (kind === "line") return linePanel(rest[0], Number(rest[1]));
  if (kind === "task" && taskNamed(rest[0])) return taskPanel(taskNamed(rest[0]));
  if (kind === "stream" && streamNamed(rest[0])) return streamPanel(streamNamed(rest[0]));
  return hint();
}

function hint() {
  return [element("h2", {}, "Nothing is selected"),
    element("p", {}, "Choose a line of the IR, of PyTorch or of C++, a task, or a stream: its way from PyTorch to cycles is shown here."),
    element("p", { class: "source" }, "Keys: / searches, [ and ] go a step back and on, ↑ and ↓ go through lines, Esc lets go.")];
}

async function opPanel(step, op) {
  const columns = index.steps[step];
  if (!columns || !(op in columns.line)) return hint();
  const lines = await stepLines(step);
  const source_ = opText(step, "source", op);
  const sets = family(step, [op]);
  const at = taskOf(step, op);
  const own = at >= 0 ? tasksIn(family(step, [at]).at(-1)) : [];
  const parts_ = [
    element("h2", {}, opLabel(step, op)),
    element("p", { class: "source" }, jump(`step ${step}, ${stepTitle(step)}`, { view: "steps", step, mode: "ir" }), `, line ${columns.line[op] + 1}`),
    element("pre", { class: "whole" }, highlighted(lines[columns.line[op]].trim(), "ir")),
    await changeOf(step, op, lines),
    workSection(step, op),
    source_ ? pytorchSection(...source_.split(":")) : element("p", { class: "source" }, "No PyTorch line is recorded for this op: it is the compiler's own."),
    await noiseSection(sets),
    await waySection(sets, step),
  ];
  const tasks = own.length ? own : tasksIn(sets.at(-1));
  return [...parts_, ...(tasks.length === 1 ? taskSections(taskNamed(tasks[0])) : [tasksSection(tasks)])];
}

async function changeOf(step, op, lines) {
  if (step === 0 || kindOf(step, op) !== CHANGED) return null;
  const before = beforeOf(step, op)[0];
  const [was, is] = [(await stepLines(step - 1))[index.steps[step - 1].line[before]].trim(), lines[index.steps[step].line[op]].trim()];
  if (alike(was) === alike(is)) return null;
  const runs = wordRuns(was, is);
  return section(`Changed by ${passesOf(step)}`,
    element("div", { class: "was" }, element("pre", {}, marked(runs, 0))), element("div", { class: "is" }, element("pre", {}, marked(runs, 1))));
}

function pytorchSection(file, line) {
  const text = lineText(file, Number(line));
  return section("PyTorch",
    element("p", {}, jump(`${file}:${line}`, { view: "pytorch", file, selected: `line:${file}:${line}` })),
    text === undefined ? null : element("pre", {}, highlighted(text.trim(), "python")));
}

const MOST_OPS = 6;

async function waySection(sets, from) {
  const words = touching(sets);
  const rows = [];
  for (let step = 0; step < sets.length; step++) {
    if (!sets[step].size && words[step] !== "took away") continue;
    const isQuiet = words[step] === "kept" && step !== from;
    if (isQuiet && rows.at(-1)?.quiet) { rows.at(-1).end = step; continue; }
    rows.push({ step, end: step, quiet: isQuiet, word: words[step], ops: [...sets[step]] });
  }
  return section("Through the steps", element("ol", { class: "way" }, rows.map((row) => element("li", { class: row.quiet ? "quiet" : "", "aria-current": row.step === from ? "step" : null },
    element("span", { class: `deed ${row.word.replace(" ", "-")}` }, row.word), " ",
    row.quiet && row.end > row.step ? `by steps ${row.step} to ${row.end}` : jump(`${row.step}: ${stepTitle(row.step)}`, { view: "steps", step: row.step, mode: row.step ? "changes" : "ir", against: null }),
    row.quiet || row.word === "kept" || row.word === "took away" ? null : workText(row.step, row.ops),
    row.quiet ? null : opList(row.step, row.ops)))));
}

function opList(step, ops) {
  const shown = ops.slice(0, MOST_OPS);
  const item = (op) => element("li", {}, jump(opLabel(step, op), { view: "steps", step, mode: "ir", selected: `op:${step}:${op}` }));
  return element("ul", {}, shown.map(item), ops.length > shown.length
    ? element("li", {}, element("details", {}, element("summary", {}, plural(ops.length - shown.length, "more op")), element("ul", {}, ops.slice(MOST_OPS, 300).map(item)))) : null);
}

function tasksSection(names) {
  if (!hardware()) return null;
  if (!names.length) return section("Hardware", element("p", {}, "No task of the design is known to be for it."));
  const rows = names.map(taskNamed).sort((a, b) => (b.figures?.decode_cycles ?? 0) - (a.figures?.decode_cycles ?? 0));
  const label_ = hardware().simulation?.label;
  return section(`${plural(rows.length, "task")}: C++ and cycles`,
    table(["task", "C++", "cycles a token", "busy"], rows.map((task) => [
      jump(task.name, { selected: `task:${task.name}` }), cppLink(task),
      task.figures ? whole(task.figures.decode_cycles) : "", task.figures ? share(task.figures.occupancy) : ""])),
    label_ ? source(`${label_}; cycles of a new token without waits, all its layers.`) : null);
}

function cppLink(task) {
  if (!task.cpp) return "";
  return jump(`${task.cpp.file.replace("hls/", "")}:${task.cpp.first}–${task.cpp.last}`, { view: "cpp", file: task.cpp.file, line: null, selected: `task:${task.name}` }, { class: "cpp" });
}

async function linePanel(file, line) {
  const callers = content.sources.find((one) => one.file === file)?.callers[line];
  const text = lineText(file, line);
  const head = [element("h2", {}, jump(`${file}:${line}`, { view: "pytorch", file, selected: state.selected })),
    text ? element("pre", {}, highlighted(text.trim(), "python")) : null];
  if (!callers) return [...head, ...lineSections(opsOfLine(`${file}:${line}`))];
  const sets = index.steps.map(() => new Set());
  for (const caller of callers) opsOfLine(`${file}:${caller}`).forEach((ops, step) => ops.forEach((op) => sets[step].add(op)));
  const links = callers.map((caller) => jump(`line ${caller}`, { selected: `line:${file}:${caller}` }));
  return [...head,
    element("p", { class: "note" }, "PyTorch's export records lines of forward only. Ops of this line are recorded at ", links.flatMap((link, i) => (i ? [" and ", link] : [link])), ", which reaches it; what follows is of that line."),
    ...lineSections(sets)];
}

function lineSections(sets) {
  const words = touching(sets);
  const touched = words.flatMap((word, step) => (word && word !== "kept" ? [step] : []));
  const lasts = content.steps.flatMap((step, number) => (step.level !== null && content.steps[number + 1]?.level !== step.level ? [number] : []));
  return [
    section("Passes that touched it", element("ol", { class: "way passes" }, touched.map((step) => element("li", {},
      element("span", { class: `deed ${words[step].replace(" ", "-")}` }, words[step]), " ",
      jump(`${step}: ${stepTitle(step)}`, { view: "steps", step, mode: step ? "changes" : "ir", against: null }))))),
    tasksSection(tasksOfSets(sets)),
    section("Ops at each level", element("ol", { class: "way levels" }, lasts.map((step) => element("li", {},
      element("strong", {}, `Level ${content.steps[step].level}`), `, ${plural(sets[step].size, "op")} after ${stepTitle(step)}`,
      opList(step, [...sets[step]]))))),
  ];
}

async function taskPanel(task) {
  const last = index.steps.length - 1;
  const op = index.steps[last].symbol.findIndex((symbol, one) => index.strings[symbol] === task.name && opName(last, one) === content.task_op);
  const sets = op >= 0 ? family(last, [op]) : null;
  const source_ = op >= 0 ? opText(last, "source", op) : "";
  return [element("h2", {}, `Task ${task.name}`),
    element("p", { class: "source" }, `kernel ${task.kernel}; `, jump("in the graph", { view: "graph", selected: `task:${task.name}` }), op >= 0 ? ["; ", jump("its op", { view: "steps", step: last, mode: "ir", selected: `op:${last}:${op}` })] : ""),
    ...taskSections(task, "Figures"),
    source_ ? pytorchSection(...source_.split(":")) : null,
    sets ? await noiseSection(sets) : null,
    sets ? await waySection(sets, last) : null];
}

function taskSections(task, title = `Task ${task.name}`) {
  return [section(title,
    element("dl", {},
      term("kernel", task.kernel),
      task.figures ? [
        term("cycles a token", `${whole(task.figures.decode_cycles)}, busy ${share(task.figures.occupancy)}`),
        term("waited", `${whole(task.figures.waited)} cycles of the launch`),
        task.figures.longest_wait ? term("waits longest", `${task.figures.longest_wait}, ${whole(task.figures.longest_wait_cycles)} cycles`) : null,
      ] : null,
      term("takes", resourceText(task.resources))),
    source([hardware().simulation?.label, `resources: ${hardware().budget_label}`].filter(Boolean).join("; "))),
  cppSection(task), loopsSection(task), streamsSection(task)];
}

function term(name, value) {
  return [element("dt", {}, name), element("dd", {}, value)];
}

function resourceText(resources) {
  const names = { lut: "LUT", ff: "FF", dsp: "DSP", bram36: "BRAM36", uram: "URAM" };
  const used = Object.entries(names).filter(([key]) => resources[key]).map(([key, name]) => `${resources[key].toLocaleString("en-US")} ${name}`);
  return used.join(", ") || "nothing";
}

function cppSection(task) {
  if (!task.cpp) return null;
  const box = element("div");
  const details = element("details", { ontoggle: async () => {
    if (!details.open || box.childElementCount) return;
    const lines = (await part("cpp"))[task.cpp.file].split("\n").slice(task.cpp.first - 1, task.cpp.last);
    box.append(element("pre", { class: "excerpt" }, highlighted(lines.join("\n"), "cpp")));
  } }, element("summary", {}, `Show ${plural(task.cpp.last - task.cpp.first + 1, "line")}`), box);
  return section("C++", element("p", {}, `${task.cpp.function} in `, cppLink(task)), details);
}

function loopsSection(task) {
  const rows = [];
  const walk = (loops, depth) => {
    for (const loop of loops) {
      const line = task.cpp?.labels[loop.label];
      const text = "\u2003".repeat(depth) + loop.label;
      rows.push([line ? jump(text, { view: "cpp", file: task.cpp.file, line, selected: `task:${task.name}` }) : text,
        loop.trips === null ? "at run time" : whole(loop.trips), loop.ii === undefined ? "" : whole(loop.ii), loop.latency === undefined || loop.latency === null ? "" : whole(loop.latency)]);
      walk(loop.loops ?? [], depth + 1);
    }
  };
  walk(task.loops, 0);
  return rows.length ? section("Loops", table(["loop", "trips", "II", "latency"], rows), source("As planned by schedule-loops, in cycles.")) : null;
}

function streamsSection(task) {
  const all = [...task.reads.map((name) => ["in", name]), ...task.writes.map((name) => ["out", name])];
  if (!all.length) return null;
  return section("Streams", table(["", "stream", "bits", "depth", "held", "waits"], all.map(([verb, name]) => {
    const stream = streamNamed(name);
    const waits = stream.figures && (verb === "in" ? stream.figures.empty : stream.figures.full);
    return [verb, jump(name, { selected: `stream:${name}` }), whole(stream.bits), stream.depth === null ? "" : whole(stream.depth), stream.figures ? whole(stream.figures.most) : "", stream.figures ? whole(waits) : ""];
  })), source(`Depths: set by size-fifos. The most held, and cycles waited: ${hardware().simulation?.label ?? "not simulated"}.`));
}

function streamPanel(stream) {
  const end = (name) => (name && taskNamed(name) ? jump(name, { selected: `task:${name}` }) : name ?? "nobody");
  return [element("h2", {}, `Stream ${stream.name}`),
    element("p", { class: "source" }, jump("in the graph", { view: "graph", selected: `stream:${stream.name}` })),
    element("dl", {},
      term("from", end(stream.producer)), term("to", end(stream.consumer)),
      term("element", plural(stream.bits, "bit")), term("depth", stream.depth === null ? "not set" : plural(stream.depth, "element")),
      stream.figures ? [
        term("passed", plural(stream.figures.elements, "element")), term("most held", plural(stream.figures.most, "element")),
        term("reader waited", `${plural(stream.figures.empty, "cycle")}: it was empty`), term("writer waited", `${plural(stream.figures.full, "cycle")}: it was full`)] : null,
      term("takes", resourceText(stream.resources))),
    source(`Depth: set by size-fifos. ${hardware().simulation ? `Fills and waits: ${hardware().simulation.label}, over the launch. ` : ""}Resources: ${hardware().budget_label}.`)];
}
