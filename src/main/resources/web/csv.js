// The first rows of a CSV, for a preview. The service reads the whole file by its own, stricter rules.

/** Rows of fields from the beginning of a file; the last one may be cut off and is left out if `cut`. */
export function firstRows(text, cut, most) {
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
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (; at < text.length && rows.length < most; at++) {
    const c = text[at];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[at + 1] === '"') field += text[++at];
      else quoted = false;
    } else if (c === '"' && field === "") quoted = true;
    else if (c === ",") endField();
    else if (c === "\n") endRow();
    else if (c !== "\r") field += c;
  }
  if (!cut && rows.length < most && (field !== "" || row.length > 0)) endRow();
  return rows;
}

/**
 * Which of the awaited files it is by its columns, or what is missing of the one it comes nearest to.
 *
 * @param files as GET /raw/leaderboard lists them
 */
export function recognise(header, files) {
  const columns = header.map((name) => name.trim().toLowerCase());
  const candidates = files
    .map(({ file, columns: needed }) => ({ name: file, missing: needed.filter((column) => !columns.includes(column)), needed }))
    .sort((a, b) => a.missing.length / a.needed.length - b.missing.length / b.needed.length);
  return candidates[0];
}
