// Colours of code: IR as MLIR prints it, C++ and Python.

const LANGUAGES = {
  ir: /(?<comment>\/\/.*)|(?<string>"(?:[^"\\]|\\.)*")|(?<value>%[\w$.#-]+)|(?<symbol>@[\w$.-]+)|(?<type>[!#][\w$.]+|\b(?:tensor|memref|index|[us]?i\d+|f\d+|bf16)\b)|(?<keyword>(?<=^\s*|= )"?[a-z_]\w*\.[\w.$]+"?)|(?<word>\bloc(?=\())|(?<number>-?\b\d[\d.]*(?:e[+-]?\d+)?\b)/g,
  cpp: /(?<comment>\/\/.*|^\s*#\w.*)|(?<string>"(?:[^"\\]|\\.)*")|(?<keyword>\b(?:static|void|const|for|if|else|return|int|bool|true|false|template|extern|auto)\b)|(?<type>\b(?:ap_u?int|hls::\w+|std::\w+)\b)|(?<symbol>\b[a-zA-Z_]\w*(?=\())|(?<number>\b(?:0x[\da-fA-F]+|\d+)\b)/g,
  python: /(?<comment>#.*)|(?<string>"""[^"]*"""|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<keyword>\b(?:def|class|return|import|from|for|in|if|else|not|and|or|None|True|False|self|with|as|lambda)\b)|(?<symbol>\b[a-zA-Z_]\w*(?=\())|(?<number>\b\d[\d.]*\b)/g,
  prose: /(?<string>.+)/g,
};

function highlighted(text, language) {
  const made = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(LANGUAGES[language])) {
    if (match.index > end) made.append(text.slice(end, match.index));
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    made.append(element("span", { class: `t-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  made.append(text.slice(end));
  return made;
}

// The language of each line of Python: text within docstrings is no code.
function pythonLanguages(lines) {
  let inside = false;
  return lines.map((line) => {
    const quotes = line.split('"""').length - 1;
    const was = inside;
    if (quotes % 2) inside = !inside;
    return was || (quotes % 2 && inside) ? "prose" : "python";
  });
}

const MOST_SHOWN = 400;

function shortened(text, most = MOST_SHOWN) {
  return text.length > most ? `${text.slice(0, most)} …` : text;
}
