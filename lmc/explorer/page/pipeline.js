// The steps of the compile: a list of them, and the IR of one, or what it changed.

const MODES = { changes: "What changed", both: "Side by side", ir: "The IR" };

function stepOf() {
  const step = Number(state.step ?? content.steps.length - 1);
  return step in content.steps ? step : content.steps.length - 1;
}

async function stepsView() {
  const step = stepOf();
  const mode = step === 0 && state.against === null ? "ir" : state.mode ?? "changes";
  const against = Number(state.against ?? Math.max(0, step - 1));
  const box = element("div", { class: "stepbox" });
  const view = element("div", { class: "steps" }, stepList(step), element("div", { class: "step" },
    stepHead(step), stepBar(step, mode, against), counts(step), patterns(step), box));
  view.ready = () => view.querySelector(".steplist [aria-current]")?.scrollIntoView({ block: "nearest" });
  box.append(mode === "ir" ? await irView(step) : await changesView(step, against, mode === "both"));
  return view;
}

function stepList(current) {
  const most = Math.max(...content.steps.map((step) => step.ops));
  return element("ol", { class: "steplist", "aria-label": "Steps" }, content.steps.map((step, number) =>
    element("li", {},
      jump([
        element("span", { class: "name" }, stepTitle(number)),
        element("span", { class: "level" }, step.level === null ? "" : `level ${step.level}`),
        bar(step.ops, most),
        element("span", { class: "count" }, deltas(number)),
        takenBars(number),
        bitsLine(number),
        step.numerics ? element("span", { class: "count", title: deviationTitle(step) }, deviationText(step)) : null,
      ], { view: "steps", step: number, against: null, selected: null }, number === current ? { "aria-current": "step" } : {}))));
}

// Bits in the list, where they are other ones than before.
function bitsLine(number) {
  const { bits } = content.steps[number];
  const before = bitsBefore(number);
  if (!bits || (before && meanBits(before) === meanBits(bits) && activationBits(before) === activationBits(bits))) return null;
  return element("span", { class: "count", title: "Bits of a weight with scales, and of activations that linear layers multiply" },
    "bits: weights ", bitsCell(number, meanBits), bits.activations.length ? [", activations ", bitsCell(number, activationBits)] : null);
}

function deltas(number) {
  const { ops, changed, made } = content.steps[number];
  return number ? `${whole(ops)} ops, ${whole(changed)} changed, ${whole(made)} new` : `${whole(ops)} ops`;
}

function stepHead(step) {
  const { file, level, lines } = content.steps[step];
  const more = [takenText(content.steps[step]), bitsText(step), accuracyText(content.steps[step])];
  return element("div", {},
    element("h2", {}, step ? `After ${passesOf(step)}` : `The start: ${passesOf(step)}`),
    source(`${file}, level ${level ?? "not recorded"}, ${whole(lines)} lines, ${deltas(step)}`),
    more.filter(Boolean).map((text) => source(`${text}.`)));
}

function stepBar(step, mode, against) {
  const choice = element("select", { "aria-label": "Compare with", onchange: (event) => go({ against: Number(event.target.value), mode: mode === "ir" ? "changes" : mode }) },
    content.steps.map((_, number) => element("option", { value: number, selected: number === against }, `${number}: ${stepTitle(number)}`)));
  const narrow = element("select", { class: "onlynarrow", "aria-label": "Step", onchange: (event) => go({ step: Number(event.target.value), against: null, selected: null }) },
    content.steps.map((_, number) => element("option", { value: number, selected: number === step }, `${number}: ${stepTitle(number)}`)));
  return element("div", { class: "toolbar" },
    narrow,
    step > 0 ? jump("← before", { step: step - 1, against: null, selected: null }, { class: "button", title: "The step before ( [ )" }) : null,
    step + 1 < content.steps.length ? jump("after →", { step: step + 1, against: null, selected: null }, { class: "button", title: "The next step ( ] )" }) : null,
    element("span", { class: "group", role: "group", "aria-label": "What is shown" }, Object.entries(MODES).map(([name, title]) =>
      jump(title, { mode: name }, { class: "button", "aria-current": name === mode ? "true" : null }))),
    element("label", {}, "against ", choice));
}

function counts(step) {
  const before = new Map(step ? content.steps[step - 1].counts : []);
  const now = new Map(content.steps[step].counts);
  const names = [...new Set([...now.keys(), ...before.keys()])];
  const delta = (name) => (now.get(name) ?? 0) - (before.get(name) ?? 0);
  const changed = names.filter((name) => delta(name)).map((name) => `${delta(name) > 0 ? "+" : "−"}${Math.abs(delta(name))} ${name}`);
  return element("details", { class: "counts" },
    element("summary", {}, step === 0 ? "Ops by name" : changed.length ? `Ops: ${changed.slice(0, 5).join(", ")}${changed.length > 5 ? ", …" : ""}` : "Ops: as many of each as before"),
    table(step ? ["op", "now", "before", "difference"] : ["op", "now"], names.map((name) =>
      [name, whole(now.get(name) ?? 0), ...(step ? [whole(before.get(name) ?? 0), whole(delta(name))] : [])])));
}

// The op that begins in a line, or the one that ends there; -1 for none.
function opAt(step, line) {
  const { line: first, last } = index.steps[step];
  const starts = first.indexOf(line);
  return starts >= 0 ? starts : first.findIndex((start, op) => last[op] > 0 && start + last[op] === line);
}

async function irView(step) {
  const lines = await stepLines(step);
  const noise = (await part("noise"))[step];
  const { line: first, kind } = index.steps[step];
  const marks = new Map(first.map((line, op) => [line, kind[op]]));
  const classes = { [CHANGED]: "was-changed", [ORIGIN]: "was-made", [LINE]: "was-made", [NEW]: "was-made" };
  const opOf = new Map(first.map((line, op) => [line, op]));
  const leastDb = (op) => (noise?.[op] ? leastOf(noise[op][0]).db : "");
  const view = codeView(lines, {
    language: "ir",
    gutter: noise ? (line) => leastDb(opOf.get(line)) : null,
    title: (line) => (opOf.has(line) ? workOf(step, opOf.get(line)).map((work) => work.join(": ")).join("\n") || null : null),
    label: `IR of step ${step}`,
    mark: (line) => (step ? classes[marks.get(line)] ?? "" : ""),
    isChoice: (line) => opAt(step, line) >= 0,
    onChoice: (line) => go({ selected: `op:${step}:${opAt(step, line)}` }),
  });
  view.showSelected = (scrolls) => {
    const [kind_, at, op] = (state.selected ?? "").split(":");
    const isHere = kind_ === "op" && Number(at) === step;
    view.choose(isHere ? first[Number(op)] : -1, scrolls);
  };
  if (noise) view.prepend(element("p", { class: "source" }, "On the left: signal to quantization noise of an op's first result in dB, the least of all layers."));
  return view;
}

async function changesView(step, against, whole_) {
  const [one, other] = await Promise.all([stepLines(against), stepLines(step)]);
  const view = diffView(one, other, whole_, (side, line) => {
    const at = side ? step : against;
    const op = opAt(at, line);
    if (op >= 0) go({ selected: `op:${at}:${op}` });
  }, against === step - 1 ? (line) => workText(step, [index.steps[step].line.indexOf(line)].filter((op) => op >= 0)) : null);
  view.prepend(element("div", { class: "pair heads" },
    element("div", { class: "side" }, `${against}: ${stepTitle(against)}`), element("div", { class: "side" }, `${step}: ${stepTitle(step)}`)));
  return view;
}
