// The ranking: the first page at once; all of it as soon as somebody searches, sorts or pages.
import { ask, askJson, repeating } from "./service.js";
import { count, counted, element, time } from "./text.js";

const EVERY_MS = 700;
const ROWS = 100;
const COLUMNS = [
  { key: "rank", title: "Rank" },
  { key: "name", title: "Name" },
  { key: "user_id", title: "User" },
  { key: "messages", title: "Messages" },
];

const made = document.querySelector("#made");
const empty = document.querySelector("#board-empty");
const whole = document.querySelector("#board");
const podium = document.querySelector("#podium");
const search = document.querySelector("#search");
const matches = document.querySelector("#matches");
const head = document.querySelector("#standings thead tr");
const body = document.querySelector("#standings tbody");
const pager = whole.querySelector(".pager");

let entityTag = null;
let rows = [];
let askedForAll = false;
let complete = false;
let more = false;
let page = 0;
let sorted = { key: "rank", descending: false };

function ranked(list) {
  return list.map((standing, at) => ({
    ...standing,
    rank: at + 1,
    found: `${standing.name}\n${standing.user_id}`.toLocaleLowerCase(),
  }));
}

async function load(all) {
  const headers = entityTag && all === askedForAll ? { "If-None-Match": entityTag } : {};
  const answer = await ask(all ? "leaderboard" : `leaderboard?limit=${ROWS + 1}`, { headers });
  if (answer.status === 304) return;
  const tag = answer.headers.get("ETag");
  rows = ranked((await answer.json()).leaderboard);
  askedForAll = all;
  complete = all || rows.length <= ROWS;
  more = !complete;
  const isNew = tag !== entityTag;
  entityTag = tag;
  draw();
  if (isNew) await drawMade(tag.replaceAll('"', ""));
}

async function drawMade(run) {
  if (run === "0") {
    made.textContent = "Waiting for the first run";
    return;
  }
  const its = await askJson(`runs/${run}`);
  made.replaceChildren(
    `Made ${time(its.finished_at)} by `,
    element("a", { href: "#runs" }, `run ${run}`),
    its.rows_counted == null ? "" : ` from ${counted(its.rows_counted, "row", "rows")}`,
  );
}

function shownRows() {
  const words = search.value.trim().toLocaleLowerCase();
  const found = words ? rows.filter((row) => row.found.includes(words)) : rows.slice(0, complete ? rows.length : ROWS);
  if (sorted.key === "rank") return sorted.descending ? found.slice().reverse() : found;
  const text = new Intl.Collator(undefined, { numeric: true }).compare;
  const order =
    sorted.key === "messages" ? (a, b) => a.messages - b.messages : (a, b) => text(String(a[sorted.key]), String(b[sorted.key]));
  const ordered = found.slice().sort(order);
  return sorted.descending ? ordered.reverse() : ordered;
}

function nameOf(row) {
  return row.name || "unknown";
}

function drawPodium() {
  podium.replaceChildren(
    ...rows.slice(0, 3).map((row) =>
      element(
        "li",
        { class: `place place-${row.rank}` },
        element("span", { class: "medal", "aria-hidden": "true" }, String(row.rank)),
        element("bdi", { class: "who", title: nameOf(row) }, nameOf(row)),
        element("span", { class: "count" }, counted(row.messages, "message", "messages")),
      ),
    ),
  );
}

function drawRow(row, most) {
  const bar = element("meter", { min: 0, max: Math.max(1, most), "aria-hidden": "true" });
  bar.value = row.messages;
  return element(
    "tr",
    {},
    element("td", { class: "rank" }, count(row.rank)),
    element("td", { class: row.name ? "name" : "name unknown" }, element("bdi", { title: nameOf(row) }, nameOf(row))),
    element("td", { class: "id" }, element("bdi", {}, String(row.user_id))),
    element("td", { class: "messages" }, bar, element("span", { class: "number" }, count(row.messages))),
  );
}

function draw() {
  empty.hidden = rows.length > 0;
  whole.hidden = rows.length === 0;
  if (rows.length === 0) return;
  drawPodium();
  const shown = shownRows();
  const pages = Math.max(1, Math.ceil(shown.length / ROWS));
  page = Math.min(page, pages - 1);
  body.replaceChildren(...shown.slice(page * ROWS, (page + 1) * ROWS).map((row) => drawRow(row, rows[0].messages)));
  matches.textContent = search.value.trim()
    ? `${count(shown.length)} of ${count(rows.length)} found`
    : complete
      ? counted(rows.length, "client", "clients")
      : "";
  drawHead();
  drawPager(pages);
}

function drawHead() {
  COLUMNS.forEach(({ key }, at) => {
    const cell = head.cells[at];
    cell.setAttribute("aria-sort", key !== sorted.key ? "none" : sorted.descending ? "descending" : "ascending");
  });
}

function drawPager(pages) {
  pager.hidden = pages === 1 && !more;
  const [first, back, where, next, last] = pager.children;
  first.disabled = back.disabled = page === 0;
  next.disabled = last.disabled = page >= pages - 1 && !more;
  where.textContent = more ? `Page ${count(page + 1)}` : `Page ${count(page + 1)} of ${count(pages)}`;
}

async function withAll(then) {
  try {
    if (!complete) await load(true);
  } catch {
    return;
  }
  then();
  draw();
}

function turn(title, to) {
  const button = element("button", { type: "button", class: "button quiet", "aria-label": title }, { "First page": "«", "Page before": "‹", "Next page": "›", "Last page": "»" }[title]);
  button.addEventListener("click", () => withAll(() => (page = Math.max(0, to()))));
  return button;
}

for (const { key, title } of COLUMNS) {
  const button = element("button", { type: "button" }, title);
  button.addEventListener("click", () =>
    withAll(() => {
      const again = sorted.key === key;
      sorted = { key, descending: again ? !sorted.descending : key === "messages" };
      page = 0;
    }),
  );
  head.append(element("th", { scope: "col", class: key === "user_id" ? "id" : key }, button));
}

pager.append(
  turn("First page", () => 0),
  turn("Page before", () => page - 1),
  element("span", { role: "status" }),
  turn("Next page", () => page + 1),
  turn("Last page", () => Infinity),
);

search.addEventListener("input", () => withAll(() => (page = 0)));

export const board = repeating(EVERY_MS, () => load(askedForAll));
