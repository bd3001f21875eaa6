// The ranking: the first page at once; all of it as soon as somebody searches, sorts or pages.
import { ask, askJson, authorization, following, inTurn, repeating, together } from "../service.js";
import { count, counted, element, howFar, markup, time } from "../text.js";

/** Events announce a new board at once; this is for connections on which something in between holds them back. */
const EVERY_MS = 5000;
const ROWS = 100;
const COLUMNS = [
  { key: "rank", title: "Rank" },
  { key: "move", title: "Change" },
  { key: "name", title: "Name" },
  { key: "user_id", title: "User" },
  { key: "messages", title: "Messages" },
];

const made = element("p", { id: "made", class: "faint", role: "status" }, "Loading…");
const working = element("p", { id: "working", class: "faint", role: "status", hidden: true });
const view = markup(`
  <div id="board-empty" class="empty" hidden>
    <h2>No ranking yet</h2>
    <p>The ranking appears here by itself as soon as messages.csv and users.csv are there.</p>
    <p><a class="button" href="#upload/leaderboard">Upload the files</a></p>
  </div>
  <div id="board" hidden>
    <ol id="podium" aria-label="The first three"></ol>
    <div class="tools">
      <label>Search <input id="search" type="search" autocomplete="off" placeholder="Name or user id"></label>
      <p id="matches" class="faint" role="status"></p>
      <a id="download" class="button quiet" href="leaderboard.csv" download>Download CSV</a>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="All clients">
      <table id="standings">
        <caption>Clients by number of messages sent</caption>
        <thead><tr></tr></thead>
        <tbody></tbody>
      </table>
    </div>
    <nav class="pager" aria-label="Pages of the ranking"></nav>
  </div>
`);
const empty = view.querySelector("#board-empty");
const whole = view.querySelector("#board");
const podium = view.querySelector("#podium");
const download = view.querySelector("#download");
const search = view.querySelector("#search");
const matches = view.querySelector("#matches");
const table = view.querySelector("#standings");
const head = table.querySelector("thead tr");
const body = table.querySelector("tbody");
const pager = whole.querySelector(".pager");

let entityTag = null;
let rows = [];
/** The rows sorted by a column, smallest first, by its key; made when they are first needed. */
let orders = {};
let since = null;
let askedForAll = false;
let loadingAll = null;
let complete = false;
let page = 0;
let sorted = { key: "rank", descending: false };

function runOf(tag) {
  return Number(tag.replace(/^W\//, "").replaceAll('"', ""));
}

async function load(all) {
  const known = entityTag && all === askedForAll;
  const limit = all ? "" : `?limit=${ROWS + 1}`;
  const answer = await ask(`leaderboard${limit}`, { headers: known ? { "If-None-Match": entityTag } : {} });
  if (answer.status === 304) return;
  const tag = answer.headers.get("ETag");
  const { leaderboard } = await answer.json();
  const { run_id, since_run_id, moves } = await askJson(`leaderboard/moves${limit}`);
  // A newer run may have ended between the two answers; then its event is about to arrive.
  since = run_id === runOf(tag) ? since_run_id : null;
  rows = leaderboard.map((standing, at) => ({ ...standing, rank: at + 1, move: since == null ? 0 : moves[at] }));
  orders = {};
  askedForAll = all;
  complete = all || rows.length <= ROWS;
  const isNew = tag !== entityTag;
  entityTag = tag;
  draw();
  if (isNew) await drawMade(runOf(tag));
}

function loadAll() {
  loadingAll ??= load(true).finally(() => (loadingAll = null));
  return loadingAll;
}

async function drawMade(run) {
  if (run === 0) {
    made.textContent = "Waiting for the first run";
    return;
  }
  const its = await askJson(`runs/${run}`);
  made.replaceChildren(
    `Made ${time(its.finished_at)} by `,
    element("a", { href: "#runs" }, `run ${run}`),
    its.rows_counted == null ? "" : ` from ${counted(its.rows_counted, "row", "rows")}`,
    since == null ? "" : `; change since run ${since}`,
  );
}

/** The sort key of a name: its letters without accents, in lower case. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function compareBy(key) {
  if (key === "name") {
    const names = new Map(rows.map((row) => [row, plain(row.name)]));
    return (a, b) => (names.get(a) < names.get(b) ? -1 : names.get(a) > names.get(b) ? 1 : a.rank - b.rank);
  }
  if (key === "user_id" && !rows.every((row) => typeof row.user_id === "number")) {
    return (a, b) => (String(a.user_id) < String(b.user_id) ? -1 : 1);
  }
  const value = (row) => row[key] ?? Infinity;
  return (a, b) => (value(a) === value(b) ? a.rank - b.rank : value(a) - value(b));
}

function shownRows() {
  orders[sorted.key] ??= sorted.key === "rank" ? rows : rows.slice().sort(compareBy(sorted.key));
  let shown = orders[sorted.key];
  const words = search.value.trim().toLowerCase();
  if (words) {
    for (const row of rows) row.found ??= `${row.name}\n${row.user_id}`.toLowerCase();
    shown = shown.filter((row) => row.found.includes(words));
  } else if (!complete) {
    shown = shown.slice(0, ROWS);
  }
  return sorted.descending ? shown.slice().reverse() : shown;
}

/** How far somebody went up or down. */
function moved(row) {
  if (since == null) return null;
  if (row.move == null) return element("span", { class: "move new" }, "new");
  if (row.move === 0) return element("span", { class: "move" }, element("span", { "aria-hidden": "true" }, "–"), element("span", { class: "unseen" }, "unchanged"));
  const up = row.move > 0;
  return element(
    "span",
    { class: up ? "move up" : "move down" },
    element("span", { "aria-hidden": "true" }, up ? "▲" : "▼"),
    element("span", { class: "unseen" }, up ? "up " : "down "),
    count(Math.abs(row.move)),
  );
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
        element("span", { class: "count" }, counted(row.messages, "message", "messages"), " ", row.move === 0 ? null : moved(row)),
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
    element("td", { class: "move" }, moved(row)),
    element("td", { class: row.name ? "name" : "name unknown" }, element("bdi", { title: nameOf(row) }, nameOf(row))),
    element("td", { class: "id" }, element("bdi", {}, String(row.user_id))),
    element("td", { class: "messages" }, bar, element("span", { class: "number" }, count(row.messages))),
  );
}

function draw() {
  empty.hidden = rows.length > 0;
  whole.hidden = rows.length === 0;
  if (rows.length === 0) return;
  table.classList.toggle("still", since == null);
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
  pager.hidden = pages === 1 && complete;
  const [first, back, where, next, last] = pager.children;
  first.disabled = back.disabled = page === 0;
  next.disabled = last.disabled = page >= pages - 1 && complete;
  where.textContent = complete ? `Page ${count(page + 1)} of ${count(pages)}` : `Page ${count(page + 1)}`;
}

async function withAll(then) {
  try {
    if (!complete) await loadAll();
  } catch {
    return;
  }
  then();
  draw();
}

function turn(title, to) {
  const button = element("button", { type: "button", class: "button quiet", "aria-label": title }, { "First page": "«", "Previous page": "‹", "Next page": "›", "Last page": "»" }[title]);
  button.addEventListener("click", () => withAll(() => (page = Math.max(0, to()))));
  return button;
}

for (const { key, title } of COLUMNS) {
  const button = element("button", { type: "button" }, title);
  button.addEventListener("click", () =>
    withAll(() => {
      const again = sorted.key === key;
      sorted = { key, descending: again ? !sorted.descending : key === "messages" || key === "move" };
      page = 0;
    }),
  );
  head.append(element("th", { scope: "col", class: key === "user_id" ? "id" : key }, button));
}

pager.append(
  turn("First page", () => 0),
  turn("Previous page", () => page - 1),
  element("span", { role: "status" }),
  turn("Next page", () => page + 1),
  turn("Last page", () => Infinity),
);

// A link can't send the key.
download.addEventListener("click", async (clicked) => {
  if (!authorization().Authorization) return;
  clicked.preventDefault();
  const file = await (await ask("leaderboard.csv")).blob();
  const link = element("a", { href: URL.createObjectURL(file), download: "leaderboard.csv" });
  link.click();
  URL.revokeObjectURL(link.href);
});

search.addEventListener("input", () => withAll(() => (page = 0)));

const loadInTurn = inTurn(() => load(askedForAll));

function follow(state) {
  const run = state.running.find(({ pipeline }) => pipeline === "leaderboard");
  working.hidden = !run;
  if (run) working.textContent = `Run ${run.id} is in progress: ${howFar(run)}`;
  // A load under way may have asked before the run ended, so the next one waits for it.
  if (!entityTag || (state.succeeded.leaderboard ?? 0) !== runOf(entityTag)) loadInTurn().catch(() => {});
}

export function build(section) {
  section.querySelector(".heading").append(made, working);
  section.append(view);
  return together(
    following(follow),
    repeating(EVERY_MS, loadInTurn),
  );
}
