// Texts and elements. Text from files enters the page only as text, never as markup.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** Elements from markup in the source code. Never put text from elsewhere into it. */
export function markup(html) {
  const made = document.createElement("div");
  made.className = "view";
  made.innerHTML = html;
  return made;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function size(bytes) {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: unit === 0 ? 0 : 1 })} ${UNITS[unit]}`;
}

export function count(number) {
  return Number(number).toLocaleString();
}

export function counted(number, one, many) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export function time(text) {
  return new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

export function seconds(value) {
  return value == null ? "" : `${Number(value).toLocaleString(undefined, { maximumFractionDigits: 2 })} s`;
}

/** The progress of a run. */
export function howFar(run) {
  return run.bytes_read < run.bytes ? `${size(run.bytes_read)} of ${size(run.bytes)} read` : `${size(run.bytes)} read, publishing`;
}
