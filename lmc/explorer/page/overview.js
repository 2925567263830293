// The first view: what the design is, how fast, what limits it, what it takes.

function overviewView() {
  const found = hardware();
  return element("div", { class: "page" },
    facts(),
    content.remarks.map((remark) => element("p", { class: "note" }, remark)),
    found ? [speed(found), limits(found), budget(found)] : null,
    evaluation(),
    found ? taskTable(found) : null,
    levels(),
  );
}

function facts() {
  const weights = content.is_random ? "random weights" : "trained weights";
  return element("p", { class: "lead" },
    `${content.model} (${weights}) for ${content.target}, numbers ${content.preset ?? "of its own pipeline"}, compiled by lmc ${content.lmc} in `,
    jump(plural(content.steps.length, "step"), { view: "steps", step: 0 }), ".");
}

function speed(found) {
  if (!found.simulation) return section("Speed", element("p", { class: "note" }, `Not simulated: ${found.not_simulated}.`));
  const { rows, prompt_length, new_tokens, cycles } = found.simulation;
  return section("Speed",
    table(["figure", "value", "label"], rows),
    source(`One launch: a prompt of ${prompt_length} tokens, ${new_tokens} new ones, ${whole(cycles)} cycles.`));
}

function limits(found) {
  if (!found.limits) return null;
  return section("What limits it", found.limits.map((sentence) => element("p", {}, sentence)));
}

function budget(found) {
  return section("Resources",
    found.excess ? element("p", { class: "note bad" }, found.excess) : null,
    table(["resource", "used", "budget", "share", ""], found.budget.map(([name, used, most, part]) =>
      [name, used.toLocaleString("en-US"), most.toLocaleString("en-US"), part, bar(used, most)])),
    source(found.budget_label));
}

// What `lmc eval` measured, or how to measure it.
function evaluation() {
  if (!content.evaluation) return section("Accuracy", element("p", { class: "note" }, content.not_evaluated));
  return section("Accuracy",
    table(["engine", "bits per byte", "KL to float (bits)", "top-1 as float"], content.evaluation.rows),
    source(`${content.evaluation.source}.`));
}

function taskTable(found) {
  const busy = (task) => task.figures?.occupancy ?? 0;
  const sorted = [...found.tasks].sort((a, b) => busy(b) - busy(a));
  const row = (task) => [
    jump(task.name, { selected: `task:${task.name}` }), task.kernel,
    task.figures ? share(task.figures.occupancy) : "", bar(busy(task), 1),
    task.figures ? whole(task.figures.decode_cycles) : "",
    task.figures ? task.figures.longest_wait : "", whole(task.resources.lut), whole(task.resources.dsp),
  ];
  const columns = ["task", "kernel", "busy", "", "cycles a token", "waits longest", "LUT", "DSP"];
  const rest = sorted.slice(12);
  return section("The busiest tasks",
    table(columns, sorted.slice(0, 12).map(row)),
    rest.length ? element("details", {}, element("summary", {}, plural(rest.length, "other task")), table(columns, rest.map(row))) : null,
    found.simulation ? source(`Busy: the share of a new token's cycles that a task needs without waits (${found.simulation.label}). A task that waits while another one is busy does not limit the design. Resources: ${found.budget_label}.`) : null);
}

function levels() {
  const names = { 0: "traced PyTorch", 1: "model", 2: "quantized", 3: "scheduled", 4: "tasks and streams" };
  const isTaken = content.steps.some((step) => step.taken);
  const taken = ({ taken }) => (taken ? [duration(taken.processor_seconds), bar(taken.processor_seconds, mostOf("processor_seconds")), memory(taken.peak_bytes), bar(taken.peak_bytes ?? 0, mostOf("peak_bytes"))] : ["", "", "", ""]);
  const isRun = content.tokens !== null;
  const run = (step) => {
    const { of_float, of_before } = step.numerics ?? {};
    if (!step.numerics) return ["", "", ""];
    return [floatText(step), of_before ? beforeText(of_before) : "", of_float ? `${of_float.agreeing} of ${content.tokens}` : ""];
  };
  const isCounted = hasBits();
  return section("Steps",
    table(["step", "level", "ops", "changed", "new", ...(isCounted ? ["bits of weights", "of activations"] : []), ...(isTaken ? ["time", "", "memory", ""] : []), ...(isRun ? ["to float", "to before", "same choice"] : [])],
      content.steps.map((step, number) => [
        jump(stepTitle(number), { view: "steps", step: number, mode: "changes", against: null, selected: null }),
        step.level === null ? "" : String(step.level),
        whole(step.ops), number ? whole(step.changed) : "", number ? whole(step.made) : "",
        ...(isCounted ? [bitsCell(number, meanBits), bitsCell(number, activationBits)] : []),
        ...(isTaken ? taken(step) : []), ...(isRun ? run(step) : []),
      ]), { class: "tight" }),
    source(`Levels: ${Object.entries(names).map(([level, name]) => `${level} ${name}`).join(", ")}.`),
    isTaken ? source("Time: of the processor, all threads. Memory: the most that the compiler held meanwhile, what earlier passes left included.") : null,
    isCounted ? source("Bits of weights: what a weight takes on average, the scales of its group included. Of activations: what linear layers multiply. In bold where they are others than before.") : null,
    source(isRun ? `To float, and to the last step before that was run: signal over error of the logits on ${plural(content.tokens, "token")}. Level 0 runs in PyTorch, levels 1 to 3 in the interpreter, the last step of level 4 as C++. \`lmc compile --check\` runs all steps of level 4.` : HOW_TO_RUN));
}
