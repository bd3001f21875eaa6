// Shapes and lines.
export function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

export function extent(values) {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
}

/** The points of a line through values, left to right; days without a value are skipped. */
export function line(values, width, height, least, most) {
  const step = width / Math.max(1, values.length - 1);
  const scale = most === least ? 0 : height / (most - least);
  return values
    .map((value, at) => (value == null ? null : `${(at * step).toFixed(1)},${(height - (value - least) * scale).toFixed(1)}`))
    .filter((point) => point !== null)
    .join(" ");
}
