// Where ops come from and what becomes of them, over all steps.

const SAME = 0, CHANGED = 1, ORIGIN = 2, LINE = 3, NEW = 4;

const opText = (step, column, op) => index.strings[index.steps[step][column][op]];
const opName = (step, op) => opText(step, "name", op);

function opLabel(step, op) {
  const results = opText(step, "results", op);
  const symbol = opText(step, "symbol", op);
  const given = results.split(", ").filter(Boolean).map((name) => `%${name}`).join(", ");
  const called = opText(step, "called", op);
  return [given && `${given} =`, opName(step, op), symbol && `@${symbol}`, called].filter(Boolean).join(" ");
}

const kindOf = (step, op) => index.steps[step].kind[op];

function beforeOf(step, op) {
  const before = index.steps[step].before[op];
  return before === -1 ? [] : [before].flat();
}

// For each op of a step, its successors in the next one. Origins of tasks are no part of it.
const successors = new Map();

function afterOf(step, op) {
  if (step + 1 >= index.steps.length) return [];
  if (!successors.has(step)) {
    const found = new Map();
    index.steps[step + 1].kind.forEach((kind, after) => {
      if (kind === ORIGIN) return;
      for (const before of beforeOf(step + 1, after)) {
        if (!found.has(before)) found.set(before, []);
        found.get(before).push(after);
      }
    });
    successors.set(step, found);
  }
  return successors.get(step).get(op) ?? [];
}

// The task that an op is in or is, as its number in the step; -1 for none.
function taskOf(step, op) {
  if (opName(step, op) === content.task_op) return op;
  const around = index.steps[step].scope[op];
  return around >= 0 ? taskOf(step, around) : -1;
}

// Ancestors and descendants of ops of a step: for each step of all its set of ops.
function family(step, ops) {
  const found = index.steps.map(() => new Set());
  for (const op of ops) found[step].add(op);
  for (let s = step; s > 0; s--) {
    for (const op of found[s]) addAncestors(found, s, op);
  }
  for (let s = step; s + 1 < index.steps.length; s++) {
    for (const op of found[s]) for (const after of afterOf(s, op)) found[s + 1].add(after);
    if (s === content.above) addTasks(found, step);
  }
  return found;
}

function addAncestors(found, step, op) {
  const before = beforeOf(step, op);
  const to = kindOf(step, op) === ORIGIN ? content.above : step - 1;
  for (const one of before) found[to].add(one);
  const task = taskOf(step, op);
  // A new op of a task is made of what the task is for.
  if (kindOf(step, op) === NEW && task >= 0 && task !== op) addAncestors(found, step, task);
}

// The tasks that are for ops of the last step above them.
function addTasks(found, step) {
  if (step > content.above) return;
  for (let s = content.above + 1; s < index.steps.length; s++) {
    index.steps[s].kind.forEach((kind, op) => {
      if (kind === ORIGIN && beforeOf(s, op).some((one) => found[content.above].has(one))) found[s].add(op);
    });
  }
}

// What the pass of a step did with a set of its ops, as a word.
function deed(step, ops) {
  if (!ops.size) return "";
  if (step === 0) return "traced";
  const kinds = new Set([...ops].map((op) => kindOf(step, op)));
  if (kinds.size === 1 && kinds.has(SAME)) return "kept";
  if ([...kinds].every((kind) => kind === SAME || kind === CHANGED)) return "changed";
  return "made";
}

// The tasks of the last step in a set of its ops, by name.
function tasksIn(ops) {
  const last = index.steps.length - 1;
  const names = [...ops].map((op) => taskOf(last, op)).filter((task) => task >= 0);
  return [...new Set(names)].map((task) => opText(last, "symbol", task)).filter(taskNamed);
}

// The ops of each step that come from a PyTorch line, "file:line".
function opsOfLine(line) {
  const wanted = index.strings.indexOf(line);
  return index.steps.map((step) => {
    const found = new Set();
    if (wanted >= 0) step.source.forEach((source, op) => source === wanted && found.add(op));
    return found;
  });
}

// The steps whose passes changed, made or took away ops of a set for each step.
function touching(sets) {
  return sets.map((ops, step) => {
    if (step === 0) return ops.size ? "traced" : "";
    const what = deed(step, ops);
    if (what && what !== "kept") return what;
    const gone = [...sets[step - 1]].some((op) => !afterOf(step - 1, op).length);
    return gone ? "took away" : what;
  });
}

// Tasks for ops of a line: those that ops of it are in, and those that are for ops of it.
function tasksOfSets(sets) {
  const names = new Set(tasksIn(sets.at(-1)));
  if (content.above >= 0) {
    for (const name of tasksIn(family(content.above, sets[content.above]).at(-1))) names.add(name);
  }
  return [...names];
}
