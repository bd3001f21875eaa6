// The dashboard of the city's cases: filters that live in the address, figures, and charts, each with its SQL, its rows as a table and as CSV.
import { fetches } from "../fetches.js";
import { drawAsOf, drawRun } from "../lastrun.js";
import { ask, askJson, following, inTurn } from "../service.js";
import { count, element, markup } from "../text.js";
import { DRAWINGS, duration, percent } from "./drawings.js";
import { chosen, filterBar, toggle } from "./filters.js";
import { lineage } from "./lineage.js";
import { drawQuality } from "./quality.js";

const NAME = "city-requests";
const CHARTS = [
  ["months", "Opened, closed and backlog", "By month. The backlog is what was open at the end of it; its scale is on the right. Click a month to filter.", "wide"],
  ["on-time", "On-time share", "Of the cases of which the city says whether they are on time, by month of opening."],
  ["durations", "How long it takes", "Closed cases by the time from opening to closing."],
  ["neighborhoods", "Worst neighborhoods", "Those with the smallest on-time share first. Click a name to filter.", "wide"],
  ["map", "Where", "Cells of about 670 m. Click one to filter by the neighborhood that most of its cases belong to."],
  ["hours", "Late by weekday and hour", "Share of late cases by when they were opened."],
  ["types", "Types", "Click one to filter.", "third"],
  ["reasons", "Closure reasons", "Why cases were closed.", "third"],
  ["sources", "Sources", "How cases were reported. Click one to filter.", "third"],
];

const view = markup(`
  <div id="city-as-of" class="as-of" role="status" hidden></div>
  <p id="city-loading" class="faint" role="status">Loading cases …</p>
  <p id="city-problem" class="problem" role="alert" hidden></p>
  <div id="city-empty" class="empty" hidden>
    <h2>No cases yet</h2>
    <p>Fetch the files that <code>CITY_REQUESTS_SOURCES</code> names: by default a small sample, which is invented.</p>
    <div id="city-fetch-first"></div>
    <p>Or put the city's CSV files, one for each year, into the folder or bucket <code>CITY_REQUESTS_RAW</code>, or <a href="#upload">upload them</a>.</p>
    <p>A run begins once they have stopped changing, and the charts appear when it has published its tables.</p>
    <section id="city-run" aria-label="Last run"></section>
  </div>
  <div id="city" hidden>
    <div id="city-bar"></div>
    <div id="city-answer">
      <section id="city-figures" aria-label="Figures"></section>
      <p id="city-none" class="empty" hidden>No case matches these filters.</p>
      <div id="city-charts"></div>
    </div>
    <div id="city-trace"></div>
    <section id="city-fetch" class="card" aria-labelledby="city-fetch-title">
      <h2 id="city-fetch-title">Fetched files</h2>
      <p class="faint">The files that <code>CITY_REQUESTS_SOURCES</code> names. What is new is fetched into <code>CITY_REQUESTS_RAW</code>, and a run begins.</p>
    </section>
  </div>
  <section id="city-rules" class="card" aria-label="Quality rules" hidden></section>
  <dialog id="city-sql" aria-labelledby="city-sql-title">
    <h2 id="city-sql-title"></h2>
    <p class="faint">This SQL can't be run on the lake's tables as it is: dashboard.sql makes what it reads, such as chosen_cases and chosen_groups, from the table silver, and filters.sql chooses the cases; both are in routes/city-requests/.</p>
    <pre tabindex="0"></pre>
    <form method="dialog"><button class="button">Close</button></form>
  </dialog>
`);
const find = (id) => view.querySelector(id);
const bar = filterBar();
const sql = find("#city-sql");
const sources = fetches(NAME, "Fetch the sources");
find("#city-bar").append(...bar.elements);
find("#city-trace").append(lineage);

let run;
let asked = 0;
let rows = {};
let shownContent = "";
const sayAsOf = inTurn(() => drawAsOf(find("#city-as-of"), NAME, run));

function figure(name, value, title, note, filter) {
  const made = element(filter ? "button" : "p", { class: "figure card", type: filter ? "button" : null, "data-figure": name }, element("span", { class: "faint" }, title), element("b", {}, value), element("small", { class: "faint" }, note));
  if (filter) made.addEventListener("click", () => toggle(filter));
  return made;
}

function drawFigures(totals) {
  const share = (part) => (totals.cases === 0 ? "–" : `${percent(part / totals.cases)} of all`);
  find("#city-figures").replaceChildren(
    figure("cases", count(totals.cases), "Cases", totals.closed_before_opened === 0 ? "" : `${count(totals.closed_before_opened)} closed before opened`),
    figure("open", count(totals.open), "Open", share(totals.open), { status: "Open" }),
    figure("closed", count(totals.closed), "Closed", share(totals.closed), { status: "Closed" }),
    figure("on-time", percent(totals.on_time_share), "On time", `${count(totals.late_closed)} closed late`),
    figure("median", duration(totals.median_hours), "Median duration", "from opening to closing"),
    figure("ninety", duration(totals.hours_of_90_percent), "90 % within", "from opening to closing"),
  );
}

function table(title, all) {
  const names = Object.keys(all[0] ?? {});
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}, as a table` },
    element(
      "table",
      {},
      element("caption", {}, title),
      element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...all.map((row) => element("tr", {}, ...names.map((name) => element("td", {}, row[name] == null ? "" : String(row[name])))))),
    ),
  );
}

async function showSql(chart, title) {
  try {
    sql.querySelector("h2").textContent = `${title}: SQL`;
    sql.querySelector("pre").textContent = await (await ask(`${NAME}/charts/${chart}/sql`)).text();
    sql.showModal();
  } catch (failed) {
    say(failed.message);
  }
}

function card([chart, title, words, size]) {
  const body = element("div", { class: "chart" });
  const whole = element("div", { class: "whole", hidden: true });
  const asTable = element("button", { type: "button", class: "tool", "aria-pressed": "false", "aria-label": `${title}: table` }, "Table");
  const asSql = element("button", { type: "button", class: "tool", "aria-label": `${title}: SQL` }, "SQL");
  const csv = element("a", { class: "tool", download: `${chart}.csv`, "aria-label": `${title}: CSV` }, "CSV");
  const made = element("section", { class: `card ${size ?? ""}`, "data-chart": chart, "aria-label": title }, element("div", { class: "top" }, element("h2", {}, title), element("div", { class: "toolbar" }, asTable, asSql, csv)), element("p", { class: "faint" }, words), body, whole);
  asTable.addEventListener("click", () => {
    whole.hidden = !whole.hidden;
    body.hidden = !whole.hidden;
    asTable.setAttribute("aria-pressed", String(!whole.hidden));
    draw();
  });
  asSql.addEventListener("click", () => showSql(chart, title));
  return {
    made,
    draw(all, parameters) {
      csv.href = `${NAME}/charts/${chart}?${new URLSearchParams([...parameters, ["format", "csv"]])}`;
      if (body.hidden) whole.replaceChildren(table(title, all));
      else DRAWINGS[chart](body, all);
    },
  };
}

const cards = new Map(CHARTS.map((chart) => [chart[0], card(chart)]));
find("#city-charts").append(...[...cards.values()].map(({ made }) => made));

function say(words) {
  find("#city-problem").textContent = words;
  find("#city-problem").hidden = words === "";
}

function draw() {
  const parameters = chosen();
  if (parameters === null || !rows.totals?.[0]) return;
  const none = rows.totals[0].cases === 0;
  drawFigures(rows.totals[0]);
  find("#city-none").hidden = !none;
  find("#city-charts").hidden = none;
  if (!none) for (const [chart, { draw: drawCard }] of cards) drawCard(rows[chart], parameters);
}

async function showEmpty() {
  const [last] = (await askJson(`runs?pipeline=${NAME}&limit=1`)).runs;
  if (last) await drawRun(last, find("#city-run"));
}

async function drawRules() {
  const rules = find("#city-rules");
  try {
    await drawQuality(rules);
  } catch (failed) {
    rules.replaceChildren(element("h2", {}, "Quality rules"), element("p", { class: "faint" }, failed.message));
  }
  rules.hidden = false;
}

async function offer(parameters) {
  bar.offer(await askJson(`${NAME}/filters`));
  bar.show(parameters);
}

/** Filters that can't be used have no answer, but can be changed. */
async function refuse(parameters) {
  find("#city-answer").hidden = true;
  find("#city-empty").hidden = true;
  find("#city").hidden = false;
  shownContent = "";
  if (run == null) await offer(parameters);
}

/** Later answers win, whatever the order in which they come. */
async function load() {
  const parameters = chosen();
  if (parameters === null) return;
  const turn = ++asked;
  bar.show(parameters);
  try {
    const answer = await askJson(`${NAME}/charts?${parameters}`);
    if (turn !== asked) return;
    if (answer.run !== run && answer.run !== null) {
      await offer(parameters);
      if (turn !== asked) return;
    }
    ({ run, charts: rows } = answer);
    say("");
    find("#city-empty").hidden = run !== null;
    find("#city").hidden = run === null;
    find("#city-answer").hidden = false;
    find("#city-as-of").hidden = run === null;
    const place = find(run === null ? "#city-fetch-first" : "#city-fetch");
    if (sources.element.parentElement !== place) place.append(sources.element);
    if (run === null) await showEmpty();
    // What stays the same is not drawn again: it may hold the focus.
    const content = JSON.stringify([String(parameters), answer]);
    if (content !== shownContent) draw();
    shownContent = content;
    if (run !== null) await sayAsOf();
  } catch (failed) {
    if (turn !== asked) return;
    say(failed.message);
    if (failed.status === 400) await refuse(parameters).catch((other) => say(`${failed.message} ${other.message}`));
  } finally {
    if (turn === asked) find("#city-loading").hidden = true;
  }
}

export function build(section) {
  section.append(view);
  let known;
  let shown = false;
  addEventListener("hashchange", () => {
    if (shown && chosen() !== null) load();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  const runs = following((state) => {
    const running = state.running.filter(({ pipeline }) => pipeline === NAME).map(({ id }) => id);
    const latest = `${state.succeeded[NAME]} ${state.newest?.pipeline === NAME ? `${state.newest.id} ${state.newest.state}` : ""} ${running}`;
    if (latest === known) return;
    known = latest;
    load();
    drawRules();
  });
  return {
    start() {
      shown = true;
      load();
      runs.start();
      sources.start();
    },
    stop() {
      shown = false;
      runs.stop();
      sources.stop();
    },
  };
}
