// What a step takes and costs: time, memory, bits, accuracy, and the patterns that were at work in it.

const duration = (seconds) => (seconds < 0.9995 ? `${whole(1000 * seconds)} ms` : `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`);
const memory = (bytes) => (bytes === null ? "" : bytes < 999.5e6 ? `${whole(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);
const decibels = (db) => (isNaN(db) ? db : `${db} dB`);

const mostOf = (key) => Math.max(0, ...content.steps.map(({ taken }) => taken?.[key] ?? 0));

// Time and memory of a step as two small bars.
function takenBars(number) {
  const { taken } = content.steps[number];
  if (!taken) return null;
  const one = (key, text, title) => (text ? [element("span", { class: "cost", title }, bar(taken[key], mostOf(key)), text)] : []);
  return element("span", { class: "costs" },
    one("processor_seconds", duration(taken.processor_seconds), "Processor time"),
    one("peak_bytes", memory(taken.peak_bytes), "The most memory that the compiler held"));
}

function takenText({ taken }) {
  if (!taken) return null;
  const held = taken.peak_bytes === null ? "" : `; the compiler held ${memory(taken.peak_bytes)} at most`;
  return `${duration(taken.processor_seconds)} of processor time, ${duration(taken.seconds)} by the clock${held}`;
}

const beforeText = ({ is_equal, db }) => (is_equal ? "same bits" : db === "exact" ? "same values" : decibels(db));

// The first module of level 1 stands for the float model. A design that was compiled from a file of
// a later level has none: then the first module that is run has nothing to be compared with.
const isFloat = ({ level, numerics }) => level === 1 && !numerics.of_float;
const floatText = (step) => {
  if (step.numerics.of_float) return step.numerics.of_float.is_equal ? "same bits" : decibels(step.numerics.of_float.db);
  return isFloat(step) ? "the float model" : step.numerics.of_before ? "" : "the first module that is run";
};

// How far the logits of a step are from the float model's and from those of the step before.
function deviationText(step) {
  const { of_float, of_before } = step.numerics;
  const rough = ({ is_equal, db }) => (is_equal ? "equal" : isNaN(db) ? db : `${db >= 100 ? whole(db) : db} dB`);
  return [of_float ? `to float: ${rough(of_float)}` : floatText(step), of_before ? `before: ${rough(of_before)}` : ""].filter(Boolean).join("; ");
}

function deviationTitle({ numerics }) {
  const { of_float, of_before } = numerics ?? {};
  const errors = [of_float ? `of ${of_float.largest} at most against float` : "", of_before ? `of ${of_before.largest} at most against the step run before` : ""].filter(Boolean);
  if (!errors.length) return null;
  const same = ({ agreeing }, other) => `${agreeing} of ${plural(content.tokens, "token")} lead to the same choice as ${other}`;
  return `Logits: errors ${errors.join(", ")}; ${of_float ? same(of_float, "in float") : same(of_before, "before")}`;
}

function accuracyText(step) {
  if (!step.numerics) return null;
  const { of_float, of_before } = step.numerics;
  const first = isFloat(step) ? "those of other steps are compared with them" : "the first, and the design has no float model to compare them with";
  const said = [
    of_float ? (of_float.is_equal ? "the same bits as in float" : `${decibels(of_float.db)} to float`) : isFloat(step) || !of_before ? first : "",
    of_before ? (of_before.is_equal ? "the same bits as the step run before" : `${decibels(of_before.db)} to the step run before`) : "",
  ].filter(Boolean);
  return [`Logits: ${said.join(", ")}`, deviationTitle(step)?.replace("Logits: errors", "Errors")].filter(Boolean).join(". ");
}

// Bits of weights and activations. A bit or two more are scales: those of groups count with weights.
const meanBits = (bits) => String(Number(bits.of_a_weight.toFixed(2)));
const activationBits = (bits) => bits.activations.join(", ");
const hasBits = () => content.steps.some((step) => step.bits);

// The step before it that has bits; null for the first.
const bitsBefore = (number) => content.steps.slice(0, number).findLast((step) => step.bits)?.bits ?? null;

// A number of bits, marked where it is another one than before.
function bitsCell(number, shown) {
  const { bits } = content.steps[number];
  const before = bitsBefore(number);
  if (!bits) return "";
  const isNew = before && shown(before) !== shown(bits);
  return isNew ? element("b", { class: "changed", title: `${shown(before)} before` }, shown(bits)) : shown(bits);
}

function bitsText(number) {
  const { bits } = content.steps[number];
  if (!bits) return null;
  const before = bitsBefore(number);
  const was = (shown) => (before && shown(before) !== shown(bits) ? ` (before: ${shown(before)})` : "");
  const all = bits.weights.reduce((sum, [, count]) => sum + count, 0);
  const widths = bits.weights.length > 1 ? `; ${bits.weights.map(([width, count]) => `${width} bits: ${count / all < 0.0005 ? "< 0.1%" : share(count / all)}`).join(", ")}` : "";
  const activations = bits.activations.length ? `. Activations of linear layers: ${activationBits(bits)} bits${was(activationBits)}` : "";
  return `Weights: ${meanBits(bits)} bits each with scales${was(meanBits)}, ${memory(bits.stored_bytes)}${widths}${activations}`;
}

const HOW_TO_RUN = "`lmc explore DIR --prompt TEXT` runs each step, and shows here what it costs in accuracy.";

// The patterns that made or changed an op: [pass, pattern].
const workOf = (step, op) => opText(step, "work", op).split("\n").filter(Boolean).map((line) => line.split(" "));

const shortPattern = (pattern) => pattern.split(".").at(-1);
const moduleOf = (pattern) => pattern.split(".").slice(0, -1).join(".");

// The patterns at work on ops of a step, by name; nothing where none is known.
function workText(step, ops) {
  const names = [...new Set(ops.flatMap((op) => workOf(step, op).map(([, pattern]) => shortPattern(pattern))))];
  if (!names.length) return null;
  return element("span", { class: "pattern" }, `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`);
}

function workSection(step, op) {
  const work = workOf(step, op);
  if (!work.length) return null;
  return section(work.length > 1 ? "By the patterns" : "By the pattern",
    element("ul", { class: "work" }, work.map(([pass, pattern]) => element("li", {},
      element("code", {}, shortPattern(pattern)), element("span", { class: "source" }, ` of ${moduleOf(pattern)}, in ${pass}`)))));
}

// All patterns of a step, with how many ops each has made or changed.
function patterns(step) {
  const { work, passes } = content.steps[step];
  if (!work.length) return null;
  const sorted = [...work].sort((a, b) => b[2] - a[2]);
  const some = sorted.slice(0, 4).map(([, pattern, count]) => `${shortPattern(pattern)} ${whole(count)}`).join(", ");
  const isOne = passes.length < 2;
  return element("details", { class: "counts" },
    element("summary", {}, `Patterns: ${some}${sorted.length > 4 ? ", …" : ""}`),
    table(["pattern", "of", ...(isOne ? [] : ["in"]), "ops"], sorted.map(([pass, pattern, count]) =>
      [shortPattern(pattern), moduleOf(pattern), ...(isOne ? [] : [pass]), whole(count)])),
    source("Ops that a pattern has made or changed, also by giving them another operand, and that are still there after the step."));
}

// Signal to quantization noise of ops' results: a row for each result, a column for each step of level 2.
async function noiseSection(sets) {
  const noise = await part("noise");
  const steps = Object.keys(noise).map(Number);
  const rows = new Map();
  for (const step of steps) {
    const seen = new Map();
    for (const op of sets[step]) for (const result of noise[step][op] ?? []) {
      const name = `${opName(step, op)} ${result.value}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      const key = `${name} ${seen.get(name)}`;
      if (!rows.has(key)) rows.set(key, { op: opName(step, op), result, by: new Map() });
      Object.assign(rows.get(key), { result }).by.set(step, result);
    }
  }
  if (!rows.size) return null;
  const all = [...rows.values()];
  const shown = all.slice(0, MOST_NOISES);
  const least = (result) => leastOf(result)?.db ?? "";
  return section("Signal to quantization noise",
    table(["value", ...steps.map((step) => jump(String(step), { view: "steps", step, mode: "ir", against: null }, { title: stepTitle(step) })), "by layer"],
      shown.map(({ op, result, by }) => [
        element("span", { title: op }, `%${result.value}${result.is_state ? " (state)" : ""}`),
        ...steps.map((step) => (by.has(step) ? least(by.get(step)) : "")),
        result.layers.length > 1 ? layerBars(result) : `error ${result.layers[0].largest} at most`])),
    source(`After ${steps.map((step) => `${step}: ${stepTitle(step)}`).join(", ")}. In dB, the least of all layers, on ${plural(content.tokens, "token")}: integers of level 2 against the float model after its last pass. ` +
      `A value has the noise of all that is computed before it.${all.length > shown.length ? ` The first ${shown.length} of ${all.length} values.` : ""}`));
}

const MOST_NOISES = 12;
const FULL_DB = 50;

// Some distances are words: "exact" is above all numbers, and so is "no signal", which says nothing.
const orInfinity = (db) => (Number.isNaN(Number(db)) ? Infinity : Number(db));
const leastOf = ({ layers }) => layers.reduce((low, one) => (orInfinity(one.db) < orInfinity(low.db) ? one : low), layers[0]);

// The height of a layer's bar is its signal to noise, 50 dB and more being full; "exact" is, "no signal" is not.
function barHeight({ db }) {
  if (isNaN(db)) return db === "exact" ? 20 : 1;
  return Math.max(1, Math.min(20, (20 * db) / FULL_DB));
}

// A bar for each layer.
function layerBars({ layers }) {
  const width = Math.max(2, Math.min(6, Math.floor(140 / layers.length)));
  return drawing("svg", { class: "layers", width: width * layers.length, height: 20, role: "img", "aria-label": `by layer: ${layers.map(({ db }) => db).join(", ")}` },
    ...layers.map((one, layer) => drawing("rect", { x: width * layer, y: 20 - barHeight(one), width: Math.max(1, width - 1), height: barHeight(one) },
      drawing("title", {}, `layer ${layer}: ${decibels(one.db)}, error ${one.largest} at most`))));
}
