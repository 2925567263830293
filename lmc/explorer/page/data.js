// The parts of the page's content, unpacked when they are first wanted.

const unpacked = new Map();

function part(name) {
  if (!unpacked.has(name)) unpacked.set(name, unpack(name));
  return unpacked.get(name);
}

async function unpack(name) {
  const packed = document.getElementById(`part-${name}`).textContent;
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

// Set once, before anything is drawn: `content` is the main part, `index` the ops of all steps.
let content = null;
let index = null;

async function loadContent() {
  [content, index] = await Promise.all([part("main"), part("ops")]);
}

async function stepLines(step) {
  return (await part(`text-${step}`)).split("\n");
}

const hardware = () => content.hardware;
const taskNamed = (name) => hardware()?.tasks.find((task) => task.name === name);
const streamNamed = (name) => hardware()?.streams.find((stream) => stream.name === name);

function stepTitle(step) {
  const { name, passes } = content.steps[step];
  return passes.length > 1 ? `${passes[0]} … ${passes.at(-1)}` : name;
}

function passesOf(step) {
  const { name, passes } = content.steps[step];
  return passes.length ? passes.join(", ") : name;
}
