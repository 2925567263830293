// The dataflow graph: a box for each kernel, tasks coloured by how busy they are, streams between.

const CELL = { width: 180, height: 48, box: 146, tall: 34, head: 24, gap: 14, edge: 40 };

function graphView() {
  const found = hardware();
  if (!found) return element("p", { class: "page" }, "The compile ended above level 4: there are no tasks.");
  const { boxes, places } = found.layout;
  const kernelOf = new Map(found.tasks.map(({ name, kernel }) => [name, kernel]));
  const left = (column) => CELL.edge + column * CELL.width;
  const top = (box, row) => row * CELL.height + box.titles * (CELL.head + CELL.gap);
  const at = (name) => {
    const [column, row] = places[name];
    return { x: left(column) + CELL.gap, y: top(boxes.find(({ kernel }) => kernel === kernelOf.get(name)), row) };
  };
  const size = {
    width: left(Math.max(...boxes.map((box) => box.column + box.columns))) + CELL.edge,
    height: Math.max(...boxes.map((box) => top(box, box.row + box.rows))) + CELL.gap,
  };
  const picture = drawing("svg", { class: "graph", tabindex: "0", role: "img", "aria-label": "Kernels, tasks and streams; arrow keys move it, + and - zoom" });
  const inner = drawing("g");
  boxes.forEach((box) => inner.append(
    drawing("rect", { class: "band", x: left(box.column) + 2, y: top(box, box.row) - CELL.head, width: box.columns * CELL.width - 6, height: box.rows * CELL.height + CELL.head - 4, rx: 8 }),
    label(box.kernel, left(box.column) + CELL.gap, top(box, box.row) - 8, "kernel")));
  found.streams.forEach((stream) => { if (stream.producer && stream.consumer) inner.append(streamPath(stream, at)); });
  found.tasks.forEach((task) => inner.append(taskBox(task, at(task.name))));
  picture.append(drawing("defs"), inner);
  const zoom = zoomable(picture, inner, size);
  const view = element("div", { class: "graphbox" },
    element("div", { class: "toolbar" },
      element("button", { onclick: () => zoom.by(1.4) }, "+"), element("button", { onclick: () => zoom.by(1 / 1.4) }, "−"),
      element("button", { onclick: () => zoom.fit() }, "All of it"), legend(found)),
    picture);
  view.showSelected = () => {
    picture.querySelectorAll(".chosen").forEach((one) => one.classList.remove("chosen"));
    const [kind, name] = (state.selected ?? "").split(":");
    for (const one of picture.querySelectorAll(`[data-${kind || "none"}="${CSS.escape(name ?? "")}"]`)) one.classList.add("chosen");
    if (kind === "task") {
      for (const one of picture.querySelectorAll(`[data-from="${CSS.escape(name)}"], [data-to="${CSS.escape(name)}"]`)) one.classList.add("chosen");
    }
  };
  view.ready = () => zoom.fit();
  return view;
}

function label(text, x, y, kind) {
  const made = drawing("text", { x, y, class: kind });
  made.textContent = text;
  return made;
}

function activate(made, what, selected) {
  const choose = () => go({ selected });
  made.setAttribute("tabindex", "0");
  made.setAttribute("role", "button");
  made.setAttribute("aria-label", what);
  made.addEventListener("click", choose);
  made.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } });
  const title = drawing("title");
  title.textContent = what;
  made.append(title);
  return made;
}

function taskBox(task, { x, y }) {
  const busy = task.figures?.occupancy;
  const made = drawing("g", { class: "task", "data-task": task.name });
  made.append(
    drawing("rect", { x, y, width: CELL.box, height: CELL.tall, rx: 5, style: busy === undefined ? "" : `fill:color-mix(in oklab, var(--busy) ${Math.round(100 * Math.min(1, busy))}%, var(--idle))` }),
    label(task.name.length > 22 ? `${task.name.slice(0, 21)}…` : task.name, x + 7, y + 14, `name${busy > 0.55 ? " on" : ""}`),
    label(busy === undefined ? "" : `${share(busy)} busy`, x + 7, y + 27, `busy${busy > 0.55 ? " on" : ""}`));
  return activate(made, `task ${task.name} of kernel ${task.kernel}${busy === undefined ? "" : `, busy ${share(busy)}`}`, `task:${task.name}`);
}

function streamPath(stream, at) {
  const [from, to] = [at(stream.producer), at(stream.consumer)];
  const [x1, y1, x2, y2] = [from.x + CELL.box, from.y + CELL.tall / 2, to.x, to.y + CELL.tall / 2];
  const bend = x2 > x1 ? Math.max(16, (x2 - x1) / 2.5) : 34;
  const made = drawing("path", {
    class: "stream", d: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
    "data-stream": stream.name, "data-from": stream.producer, "data-to": stream.consumer,
    "stroke-width": Math.max(1, Math.log2(stream.bits) / 3).toFixed(1),
  });
  return activate(made, `stream ${stream.name}, ${stream.bits} bits, depth ${stream.depth}`, `stream:${stream.name}`);
}

function legend(found) {
  return element("span", { class: "legend" },
    element("span", { class: "scale", "aria-hidden": "true" }), " idle to busy in a new token",
    found.simulation ? ` (${found.simulation.label})` : " (not simulated)");
}

function zoomable(picture, inner, size) {
  let [scale, left, top] = [1, 0, 0];
  const show = () => inner.setAttribute("transform", `translate(${left} ${top}) scale(${scale})`);
  const about = (factor, x, y) => {
    const next = Math.min(4, Math.max(0.05, scale * factor));
    [left, top, scale] = [x - ((x - left) * next) / scale, y - ((y - top) * next) / scale, next];
    show();
  };
  const zoom = {
    by: (factor) => about(factor, picture.clientWidth / 2, picture.clientHeight / 2),
    fit: () => {
      scale = Math.min(picture.clientWidth / size.width, picture.clientHeight / size.height, 1.3) || 1;
      [left, top] = [Math.max(0, (picture.clientWidth - size.width * scale) / 2), 0];
      show();
    },
  };
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = picture.getBoundingClientRect();
    about(Math.exp(-event.deltaY / 500), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  let held = null;
  picture.addEventListener("pointerdown", (event) => { held = [event.clientX - left, event.clientY - top]; });
  addEventListener("pointerup", () => { held = null; });
  picture.addEventListener("pointermove", (event) => {
    if (!held) return;
    [left, top] = [event.clientX - held[0], event.clientY - held[1]];
    show();
  });
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) { left += step[0]; top += step[1]; show(); }
    else if (event.key === "+" || event.key === "=") zoom.by(1.4);
    else if (event.key === "-") zoom.by(1 / 1.4);
    else if (event.key === "0") zoom.fit();
    else return;
    event.preventDefault();
  });
  return zoom;
}
