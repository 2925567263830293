// Differences of two texts by line. Numbers of values (%12, %x_3) are no difference.

function alike(line) {
  return line.replace(/%\d+\b/g, "%").replace(/%([A-Za-z_$][\w$.-]*?)(?:_\d+)+_?(?![\w$.-])/g, "%$1");
}

// Blocks {a, b, removed, added, same}: from line a of one text and b of the other, first so many
// lines that only one has, then so many that both have.
function differences(one, other) {
  const numbers = new Map();
  const number = (line) => {
    const key = alike(line);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key);
  };
  const left = one.map(number);
  const right = other.map(number);
  const pairs = [];
  match(left, 0, left.length, right, 0, right.length, pairs);
  return blocks(pairs, left.length, right.length);
}

function match(left, a, aEnd, right, b, bEnd, pairs) {
  while (a < aEnd && b < bEnd && left[a] === right[b]) pairs.push([a++, b++]);
  const tail = [];
  while (a < aEnd && b < bEnd && left[aEnd - 1] === right[bEnd - 1]) tail.push([--aEnd, --bEnd]);
  if (a < aEnd && b < bEnd) {
    const anchors = uniqueInBoth(left, a, aEnd, right, b, bEnd);
    if (anchors.length) {
      for (const [i, j] of anchors) {
        if (i < a || j < b) continue;
        match(left, a, i, right, b, j, pairs);
        pairs.push([i, j]);
        [a, b] = [i + 1, j + 1];
      }
      match(left, a, aEnd, right, b, bEnd, pairs);
    } else if ((aEnd - a) * (bEnd - b) <= MOST_CELLS) {
      longestCommon(left, a, aEnd, right, b, bEnd, pairs);
    }
  }
  pairs.push(...tail.reverse());
}

const MOST_CELLS = 4e6;

// Lines that each text has once, in an order that both have (patience diff, Bram Cohen).
function uniqueInBoth(left, a, aEnd, right, b, bEnd) {
  const seen = new Map();
  for (let i = a; i < aEnd; i++) seen.set(left[i], seen.has(left[i]) ? null : [i, null]);
  for (let j = b; j < bEnd; j++) {
    const entry = seen.get(right[j]);
    if (entry) seen.set(right[j], entry[1] === null ? [entry[0], j] : null);
  }
  const found = [...seen.values()].filter((entry) => entry && entry[1] !== null);
  return longestIncreasing(found.sort((x, y) => x[0] - y[0]));
}

function longestIncreasing(entries) {
  const tops = [];
  const before = new Map();
  for (const entry of entries) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tops[middle][1] < entry[1]) low = middle + 1;
      else high = middle;
    }
    before.set(entry, low ? tops[low - 1] : null);
    tops[low] = entry;
  }
  const found = [];
  for (let entry = tops.at(-1); entry; entry = before.get(entry)) found.push(entry);
  return found.reverse();
}

function longestCommon(left, a, aEnd, right, b, bEnd, pairs) {
  const width = bEnd - b + 1;
  const lengths = new Uint16Array((aEnd - a + 1) * width);
  for (let i = aEnd - a - 1; i >= 0; i--) {
    for (let j = bEnd - b - 1; j >= 0; j--) {
      lengths[i * width + j] = left[a + i] === right[b + j]
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  let [i, j] = [0, 0];
  while (i < aEnd - a && j < bEnd - b) {
    if (left[a + i] === right[b + j]) pairs.push([a + i++, b + j++]);
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
    else j++;
  }
}

function blocks(pairs, aEnd, bEnd) {
  const found = [];
  let [a, b] = [0, 0];
  for (const [i, j] of [...pairs, [aEnd, bEnd]]) {
    const last = found.at(-1);
    if (last && i === a && j === b && i < aEnd) last.same++;
    else found.push({ a, b, removed: i - a, added: j - b, same: i < aEnd && j < bEnd ? 1 : 0 });
    [a, b] = [i + 1, j + 1];
  }
  return found.filter((block) => block.removed || block.added || block.same);
}

const MOST_WORDS = 1200;

// Two lines as runs of words {text, side}: side 0 or 1 for what one of them has, -1 for both.
function wordRuns(one, other) {
  const words = [one, other].map((line) => line.match(/[%@!#]?[\w$.-]+|\s+|./g) ?? []);
  const pairs = [];
  const keys = words.map((list) => list.map(alike));
  if (Math.max(keys[0].length, keys[1].length) <= MOST_WORDS) {
    match(keys[0], 0, keys[0].length, keys[1], 0, keys[1].length, pairs);
  }
  const runs = [];
  const add = (text, side) => {
    if (!text) return;
    if (runs.at(-1)?.side === side) runs.at(-1).text += text;
    else runs.push({ text, side });
  };
  for (const { a, b, removed, added, same } of blocks(pairs, keys[0].length, keys[1].length)) {
    add(words[0].slice(a, a + removed).join(""), 0);
    add(words[1].slice(b, b + added).join(""), 1);
    add(words[1].slice(b + added, b + added + same).join(""), -1);
  }
  return runs;
}
