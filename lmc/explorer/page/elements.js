// Elements of the page, and how numbers are written.

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

function drawing(tag, properties = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// A link to another state of the page.
function jump(text, patch, properties = {}) {
  return element("a", { href: address({ ...state, ...patch }), ...properties }, text);
}

function table(columns, rows, properties = {}) {
  const numeric = columns.map((_, i) => rows.some((row) => isNumeric(row[i])) && rows.every((row) => isNumeric(row[i]) || row[i] === ""));
  const cell = (value, i) => element("td", { class: numeric[i] ? "number" : null }, value instanceof Node ? value : String(value));
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      properties,
      element("thead", {}, element("tr", {}, columns.map((name, i) =>
        element("th", { class: numeric[i] ? "number" : null }, name)))),
      element("tbody", {}, rows.map((row) => element("tr", {}, row.map(cell)))),
    ),
  );
}

function isNumeric(value) {
  return typeof value === "string" && /^-?[\d,.]+(%| ms| s| MB| GB| dB)?$/.test(value);
}

const whole = (value) => Math.round(value).toLocaleString("en-US");
const share = (value) => `${(100 * value).toFixed(1)}%`;
const plural = (count, what) => `${whole(count)} ${what}${count === 1 ? "" : "s"}`;

function bar(value, of) {
  return element("span", { class: "bar", "aria-hidden": "true" },
    element("span", { style: `width:${Math.min(100, (100 * value) / Math.max(of, 1e-9))}%` }));
}

function section(title, ...children) {
  return element("section", {}, element("h3", {}, title), ...children);
}

const source = (text) => element("p", { class: "source" }, text);
