// How each chart is drawn: lines and columns by Chart.js, which is loaded with the first of them; lists, the heat map and the map by elements.
import "../charts.js";
import { svg } from "../drawing.js";
import { count, element } from "../text.js";
import { chosen, label, toggle } from "./filters.js";

const { Chart } = globalThis;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOURS = Array.from({ length: 24 }, (none, hour) => hour);
/** So many months after the last of a chosen time are shown. */
const AFTERWARDS = 6;
/** So many rows of a list are shown at first. */
const FIRST = 8;
const probe = element("span", { hidden: true });

export function percent(share) {
  return share == null ? "–" : `${(share * 100).toLocaleString(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`;
}

export function duration(hours) {
  if (hours == null) return "–";
  const [value, unit] = hours < 1 ? [hours * 60, "min"] : hours < 48 ? [hours, "h"] : [hours / 24, "days"];
  return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}

/** A colour of the stylesheet, as a canvas needs it. */
function colour(name) {
  document.body.append(probe);
  probe.style.color = `var(--${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function options(describe, pick, more) {
  const [ink, grid] = [colour("faint"), colour("line")];
  const axis = { ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 }, grid: { color: grid, drawTicks: false }, border: { display: false } };
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    onClick: (event, active) => active.length > 0 && pick?.(active[0].index),
    onHover: (event, active) => {
      event.native.target.style.cursor = pick && active.length > 0 ? "pointer" : "";
    },
    plugins: {
      legend: { display: more.legend ?? false, align: "start", labels: { color: ink, usePointStyle: true, boxHeight: 7 } },
      tooltip: { callbacks: { label: (item) => ` ${item.dataset.label}: ${describe(item.parsed.y)}` } },
    },
    scales: {
      x: { ...axis, grid: { display: false }, ticks: { ...axis.ticks, ...more.x } },
      y: { ...axis, beginAtZero: true, ...more.y, ticks: { ...axis.ticks, padding: 6, maxTicksLimit: 6, callback: (value) => (more.tick ?? describe)(value) } },
      ...more.scales,
    },
  };
}

/** Left and right show one value after the other, Enter chooses it. */
function keys(canvas, chart, spoken, pick) {
  let at = -1;
  canvas.addEventListener("keydown", (event) => {
    const last = chart.data.labels.length - 1;
    const to = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last }[event.key];
    if (event.key === "Enter" && at >= 0) pick?.(at);
    if (to === undefined) return;
    event.preventDefault();
    at = to;
    const active = chart.data.datasets.map((none, datasetIndex) => ({ datasetIndex, index: at }));
    chart.setActiveElements(active);
    chart.tooltip.setActiveElements(active, { x: 0, y: 0 });
    chart.update("none");
    spoken.textContent = chart.data.datasets.map((set) => `${chart.data.labels[at]}: ${set.label} ${set.data[at] ?? "none"}`).join(", ");
  });
}

/** A chart on a canvas. Whoever draws again gets rid of the old one. */
function canvasChart(into, type, title, data, describe, pick, more = {}) {
  const canvas = element("canvas", { tabindex: "0", role: "img", "aria-label": `${title}. Left and right arrows go through the values${pick ? ", Enter filters" : ""}; the table has all.` });
  const spoken = element("p", { class: "unseen", "aria-live": "polite" });
  const hadFocus = into.contains(document.activeElement);
  Chart.getChart(into.querySelector("canvas"))?.destroy();
  into.replaceChildren(element("div", { class: "canvas" }, canvas), spoken);
  const chart = new Chart(canvas, { type, data, options: options(describe, pick, more) });
  keys(canvas, chart, spoken, pick);
  if (hadFocus) canvas.focus({ preventScroll: true });
}

function line(title, values, name, more = {}) {
  return { type: "line", label: title, data: values, borderColor: colour(name), backgroundColor: colour(name), borderWidth: 2, pointRadius: values.map((value, at) => (value != null && values[at - 1] == null && values[at + 1] == null ? 3 : 0)), pointHoverRadius: 4, pointStyle: "line", ...more };
}

function pickMonth(rows) {
  return (at) => {
    const [year, month] = rows[at].month.split("-").map(Number);
    toggle({ year, month });
  };
}

/** What was closed after the last month of openings is shown only of a chosen time: of all cases, the files just end there. */
function shownMonths(all, opened) {
  const end = all.findLastIndex((row) => row[opened] > 0) + 1;
  return all.slice(0, chosen().has("year") ? end + AFTERWARDS : end);
}

function months(into, all) {
  const rows = shownMonths(all, "opened");
  const data = {
    labels: rows.map(({ month }) => month),
    datasets: [
      line("Opened", rows.map(({ opened }) => opened), "first"),
      line("Closed", rows.map(({ closed }) => closed), "second", { borderDash: [6, 3] }),
      line("Backlog", rows.map(({ backlog }) => backlog), "third", { yAxisID: "backlog", fill: true, backgroundColor: colour("third-area"), borderWidth: 1.5, order: 1 }),
    ],
  };
  canvasChart(into, "line", "Opened, closed and backlog by month", data, count, pickMonth(rows), {
    legend: true,
    y: { title: { display: true, text: "opened, closed", color: colour("faint") } },
    scales: { backlog: { position: "right", beginAtZero: true, title: { display: true, text: "backlog", color: colour("faint") }, ticks: { color: colour("faint"), maxTicksLimit: 6, callback: (value) => count(value) }, grid: { display: false }, border: { display: false } } },
  });
}

/** A month without cases is a gap in the line. */
function onTime(into, all) {
  const rows = shownMonths(all, "cases");
  const shares = rows.map(({ on_time_share: share }) => share);
  const least = Math.min(...shares.filter((share) => share != null), 1);
  const data = { labels: rows.map(({ month }) => month), datasets: [line("On time", shares, "first")] };
  canvasChart(into, "line", "On-time share by month of opening", data, percent, pickMonth(rows), {
    y: { beginAtZero: false, min: Math.max(0, Math.floor(least * 20 - 0.5) / 20), max: 1 },
    tick: (value) => `${Math.round(value * 100)} %`,
  });
}

function durations(into, rows) {
  const data = {
    labels: rows.map(({ duration: name }) => name.replace(" to ", "–")),
    datasets: [{ label: "Cases", data: rows.map(({ cases }) => cases), backgroundColor: colour("first"), borderRadius: 3, categoryPercentage: 0.9, barPercentage: 0.92 }],
  };
  canvasChart(into, "bar", "Closed cases by duration", data, count, null, { x: { autoSkip: false, maxRotation: 60, font: { size: 11 } } });
}

/** A button that filters, or the text alone where nothing can be filtered by. */
function choice(filter, value, text = label(filter, value)) {
  const button = element("button", { type: "button", class: "link" }, text);
  button.addEventListener("click", () => toggle({ [filter]: value }));
  return button;
}

function bar(value, most) {
  const made = element("span", { class: "bar", "aria-hidden": "true" });
  made.style.setProperty("--share", most === 0 ? 0 : value / most);
  return made;
}

function bars(into, rows, name) {
  const most = Math.max(0, ...rows.map(({ cases }) => cases));
  const all = rows.reduce((sum, { cases }) => sum + cases, 0);
  const items = rows.map((row) => element("li", {}, element("span", { class: "name" }, name(row)), element("span", { class: "number" }, count(row.cases), element("small", { class: "faint" }, ` ${percent(row.cases / all)}`)), bar(row.cases, most)));
  const list = element("ol", { class: "bars" }, ...items.slice(0, FIRST));
  const parts = [list];
  if (items.length > FIRST) {
    const more = element("button", { type: "button", class: "link" }, `Show all ${count(items.length)}`);
    more.addEventListener("click", () => {
      list.replaceChildren(...items);
      more.remove();
    });
    parts.push(more);
  }
  into.replaceChildren(...parts);
}

function neighborhoods(into, rows) {
  const cells = (row) => [element("span", { class: "share" }, percent(row.on_time_share), bar(row.on_time_share ?? 0, 1)), count(row.cases), duration(row.median_hours), duration(row.hours_of_90_percent), count(row.late_closed), count(row.late_days)];
  const heads = ["Neighborhood", "On time", "Cases", "Median", "90 % within", "Closed late", "Days late"];
  const scroll = element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Neighborhoods, worst first" },
    element(
      "table",
      {},
      element("caption", {}, "Neighborhoods, those with the smallest on-time share first"),
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, element("th", { scope: "row" }, choice("neighborhood", row.neighborhood)), ...cells(row).map((cell) => element("td", {}, cell))))),
    ),
  );
  const hint = element("p", { class: "faint", hidden: true }, "Scroll the table sideways to see all columns →");
  new ResizeObserver(() => {
    hint.hidden = scroll.scrollWidth <= scroll.clientWidth;
  }).observe(scroll);
  into.replaceChildren(hint, scroll);
}

function legend(least, most, note = null) {
  return element("p", { class: "legend faint" }, least, element("span", { class: "ramp", "aria-hidden": "true" }), most, note);
}

function level(made, value, least, most) {
  made.style.setProperty("--level", most === least ? 60 : 8 + (92 * (value - least)) / (most - least));
  return made;
}

function map(into, rows) {
  const cells = rows.filter(({ place }) => place === "cell");
  const number = (place) => rows.find((row) => row.place === place)?.cases ?? 0;
  const left = `${count(number("none"))} without coordinates and ${count(number("far"))} far away are not on the map.`;
  if (cells.length === 0) {
    into.replaceChildren(element("p", { class: "faint" }, `No case is on the map. ${left}`));
    return;
  }
  const [height, width] = [0.006, 0.008];
  const [south, north] = [Math.min(...cells.map(({ latitude }) => latitude)), Math.max(...cells.map(({ latitude }) => latitude))];
  const [west, east] = [Math.min(...cells.map(({ longitude }) => longitude)), Math.max(...cells.map(({ longitude }) => longitude))];
  const most = Math.max(...cells.map(({ cases }) => cases));
  // A degree of longitude is shorter the farther north it is.
  const ratio = Math.cos((((south + north) / 2) * Math.PI) / 180) * (width / height);
  const [columns, lines] = [Math.round((east - west) / width) + 1, Math.round((north - south) / height) + 1];
  const drawn = cells.map((cell) => {
    const words = `${label("neighborhood", cell.neighborhood)} · ${count(cell.cases)} cases · ${percent(cell.on_time_share)} on time`;
    const square = svg(
      "rect",
      { class: "cell", x: Math.round((cell.longitude - west) / width) * ratio, y: Math.round((north - cell.latitude) / height), width: ratio * 0.94, height: 0.94, rx: 0.12 },
      svg("title", {}, words),
    );
    square.addEventListener("click", () => toggle({ neighborhood: cell.neighborhood }));
    return level(square, Math.sqrt(cell.cases), 0, Math.sqrt(most));
  });
  into.replaceChildren(
    svg("svg", { class: "map", viewBox: `-0.2 -0.2 ${columns * ratio + 0.4} ${lines + 0.4}`, role: "img", "aria-label": `Map of ${count(cells.length)} cells of about 670 m; the table has all` }, ...drawn),
    legend("1 case", `${count(most)} cases`),
    element("p", { class: "faint" }, left),
  );
}

function hours(into, rows) {
  const shares = rows.map(({ late_share: share }) => share).filter((share) => share != null);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const known = new Map(rows.map((row) => [`${row.weekday} ${row.hour}`, row]));
  const cell = (weekday, hour) => {
    const row = known.get(`${weekday} ${hour}`);
    if (row?.late_share == null) return element("td", {}, element("span", { class: "unseen" }, row ? "not known" : "no cases"));
    const words = `${percent(row.late_share)} late`;
    return level(element("td", { class: "heat", title: `${WEEKDAYS[weekday - 1]} ${hour}:00 · ${words} of ${count(row.cases)} cases` }, element("span", { class: "unseen" }, words)), row.late_share, least, most);
  };
  into.replaceChildren(
    element(
      "div",
      { class: "scroll heats", tabindex: "0", role: "region", "aria-label": "Share of late cases by weekday and hour of opening" },
      element(
        "table",
        {},
        element("caption", {}, "Share of late cases by weekday and hour of opening"),
        element("thead", {}, element("tr", {}, element("td", {}), ...HOURS.map((hour) => element("th", { scope: "col" }, element("span", { class: hour % 6 === 0 ? "" : "unseen" }, `${hour}:00`))))),
        element("tbody", {}, ...WEEKDAYS.map((name, at) => element("tr", {}, element("th", { scope: "row" }, name), ...HOURS.map((hour) => cell(at + 1, hour))))),
      ),
    ),
    shares.length === 0 ? element("p", { class: "faint" }, "The city does not say of these cases whether they are on time.") : legend(percent(least), `${percent(most)} late`, element("span", {}, "blank: no cases, or not known")),
  );
}

/** How each chart is drawn into an element from its rows. */
export const DRAWINGS = {
  months,
  "on-time": onTime,
  durations,
  neighborhoods,
  map,
  reasons: (into, rows) => bars(into, rows, ({ reason }) => reason),
  hours,
  types: (into, rows) => bars(into, rows, ({ department, type }) => element("span", {}, choice("type", type), element("small", { class: "faint" }, " ", choice("department", department)))),
  sources: (into, rows) => bars(into, rows, ({ source }) => choice("source", source)),
};
