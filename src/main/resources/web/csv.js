// The first rows of a CSV file, for a preview. The service reads the whole file by its own, stricter rules.

/** The characters that may separate fields, and what a file that uses them is called. */
const SEPARATORS = new Map([
  [",", "comma-separated"],
  [";", "semicolon-separated"],
  ["\t", "tab-separated"],
  ["|", "pipe-separated"],
]);
const SEPARATOR_LINE = /^\uFEFF?[\r\n]*"?sep=(.)"?[ \t]*(\r\n|\n|\r)/i;

/** Rows of fields from the beginning of a file; if `cut`, the last row may be incomplete and is omitted. */
export function firstRows(text, cut, most, separator = ",") {
  const rows = [];
  let row = [];
  let field = "";
  let quoted = false;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  const endField = () => {
    row.push(field);
    field = "";
  };
  const endRow = () => {
    endField();
    if (row.some((one) => one.trim() !== "")) rows.push(row);
    row = [];
  };
  for (; at < text.length && rows.length < most; at++) {
    const c = text[at];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[at + 1] === '"') field += text[++at];
      else quoted = false;
    } else if (c === '"' && field === "") quoted = true;
    else if (c === separator) endField();
    else if (c === "\n") endRow();
    else if (c !== "\r") field += c;
  }
  if (!cut && rows.length < most && (field !== "" || row.length > 0)) endRow();
  return rows;
}

/** A column's name in the form in which the service compares it. */
function plainName(name) {
  return name.toLowerCase().replace(/[\s\uFEFF._]+/g, "");
}

/**
 * The first rows, with the separator that finds the most columns of an expected file, or that a line `sep=;` names.
 *
 * @param files as GET /raw/{pipeline} lists them
 */
export function recogniseRows(text, cut, most, files) {
  const named = SEPARATOR_LINE.exec(text);
  const data = named ? text.slice(named[0].length) : text;
  const symbols = named && SEPARATORS.has(named[1]) ? [named[1]] : [...SEPARATORS.keys()];
  return symbols
    .map((symbol) => {
      const rows = firstRows(data, cut, most, symbol);
      return { rows, readAs: SEPARATORS.get(symbol), ...(rows.length > 0 ? recognise(rows[0], files) : {}) };
    })
    .reduce((best, one) => (share(one) > share(best) || (share(one) === share(best) && width(one) > width(best)) ? one : best));
}

function share({ missing, needed }) {
  return needed ? 1 - missing.length / needed.length : -1;
}

function width({ rows, missing }) {
  return missing?.length === 0 ? 0 : (rows[0]?.length ?? 0);
}

/**
 * Which of the expected files it is by its columns, or which columns of the closest one it is missing.
 *
 * @param files as GET /raw/{pipeline} lists them
 */
function recognise(header, files) {
  const columns = header.map(plainName);
  const candidates = files
    .filter((one) => one.columns.length > 0)
    .map(({ file, pattern, columns: needed }) => ({ name: pattern ?? file, matches: pattern && regular(pattern), missing: needed.filter((column) => !columns.includes(plainName(column))), needed }))
    .sort((a, b) => a.missing.length / a.needed.length - b.missing.length / b.needed.length);
  return candidates[0];
}

/** The regular expression for names that match a pattern such as readings_*_{year}.csv. */
function regular(pattern) {
  const parts = pattern.split(/(\*|\{[a-z][a-z0-9]*\})/);
  return new RegExp(`^${parts.map((part, at) => (at % 2 === 0 ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : part === "*" ? "[^/]*" : "[^/]+?")).join("")}$`);
}
