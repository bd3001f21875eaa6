// Companies with their latest closes; one company's candles or closes with volume; the outcome of the last run.
import { extent, line, svg } from "../drawing.js";
import { drawRun } from "../lastrun.js";
import { ask, askJson, following, inTurn, repeating, together } from "../service.js";
import { count, counted, element, markup } from "../text.js";

const EVERY_MS = 10000;
/** More days than this are drawn as a line of closes. */
const MOST_CANDLES = 130;
const WIDTH = 720;
const PRICES = 260;
const VOLUMES = 70;
const RANGES = [
  { title: "3 months", days: 92 },
  { title: "1 year", days: 366 },
  { title: "5 years", days: 1827 },
  { title: "All", days: Infinity },
];

const view = markup(`
  <div id="stocks-empty" class="empty" hidden>
    <h2>No prices yet</h2>
    <p>A run begins when .SUCCESS appears in the monitored folder; CompanyNames/top_companies.txt names the files in Stocks.</p>
  </div>
  <div id="stocks" hidden>
    <section id="stocks-run" class="card" aria-label="Last run"></section>
    <section id="chart" class="card" aria-label="Chart"></section>
    <div class="tools">
      <label>Company <input id="company-search" type="search" autocomplete="off" placeholder="Part of its name"></label>
      <p id="company-matches" class="faint" role="status"></p>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="All companies">
      <table id="companies">
        <caption>Companies with their latest closes</caption>
        <thead><tr><th scope="col">Company</th><th scope="col">Last 30 days</th><th scope="col" class="messages">Last close</th><th scope="col">Days</th></tr></thead>
        <tbody></tbody>
      </table>
    </div>
  </div>
`);
const empty = view.querySelector("#stocks-empty");
const whole = view.querySelector("#stocks");
const search = view.querySelector("#company-search");
const matches = view.querySelector("#company-matches");
const body = view.querySelector("#companies tbody");
const chart = view.querySelector("#chart");
const lastRun = view.querySelector("#stocks-run");

let companies = [];
let shownRun = null;
let chosen = null;
let range = RANGES[1];

function sparkline(closes) {
  const known = closes.filter((close) => close != null);
  const rises = known.length > 0 && known.at(-1) >= known[0];
  return svg(
    "svg",
    { class: `sparkline ${rises ? "rising" : "falling"}`, viewBox: "-2 -2 124 32", width: 120, height: 28, "aria-hidden": "true" },
    svg("polyline", { points: line(closes, 120, 28, ...extent(known)) }),
  );
}

function drawCompanies() {
  const words = search.value.trim().toLowerCase();
  const found = companies.filter(({ company }) => company.toLowerCase().includes(words));
  matches.textContent = words ? counted(found.length, "company", "companies") : "";
  body.replaceChildren(
    ...found.slice(0, 200).map(({ company, first_day, last_day, last_close, closes }) => {
      const button = element("button", { type: "button", class: "link", "aria-pressed": String(company === chosen) }, company);
      button.addEventListener("click", () => choose(company));
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, button),
        element("td", {}, sparkline(closes)),
        element("td", { class: "messages" }, last_close == null ? "" : String(last_close)),
        element("td", { class: "faint" }, `${first_day} – ${last_day}`),
      );
    }),
  );
  if (found.length > 200) matches.textContent = `The first 200 of ${count(found.length)} companies`;
}

function candles(days, width, scaleOf) {
  const step = width / days.length;
  return days.flatMap((day, at) => {
    if (day.open == null || day.close == null || day.high == null || day.low == null) return [];
    const middle = (at + 0.5) * step;
    const [top, bottom] = [scaleOf(Math.max(day.open, day.close)), scaleOf(Math.min(day.open, day.close))];
    return [
      svg(
        "g",
        { class: day.close >= day.open ? "rising" : "falling" },
        svg("title", {}, `${day.date}: ${day.open} → ${day.close}, ${day.low} to ${day.high}`),
        svg("line", { x1: middle, x2: middle, y1: scaleOf(day.high), y2: scaleOf(day.low) }),
        svg("rect", { x: middle - step * 0.35, width: step * 0.7, y: top, height: Math.max(1, bottom - top) }),
      ),
    ];
  });
}

function drawDays(days) {
  const prices = days.flatMap((day) => [day.low, day.high, day.close]).filter((price) => price != null);
  const [least, most] = extent(prices);
  const scaleOf = (price) => (most === least ? PRICES / 2 : PRICES - ((price - least) / (most - least)) * PRICES);
  const largest = Math.max(1, extent(days.map((day) => day.volume ?? 0))[1]);
  const step = WIDTH / days.length;
  const priced =
    days.length <= MOST_CANDLES
      ? candles(days, WIDTH, scaleOf)
      : [svg("polyline", { class: "closes", points: line(days.map((day) => day.close), WIDTH, PRICES, least, most) })];
  const volumes = days.map((day, at) => {
    const height = ((day.volume ?? 0) / largest) * VOLUMES;
    return svg("rect", { class: "volume", x: at * step, width: Math.max(0.5, step * 0.8), y: PRICES + 20 + VOLUMES - height, height });
  });
  const label = (y, text) => svg("text", { x: WIDTH + 8, y }, text);
  return svg(
    "svg",
    {
      viewBox: `0 -8 ${WIDTH + 90} ${PRICES + VOLUMES + 50}`,
      role: "img",
      "aria-label": `${chosen} from ${days[0].date} to ${days.at(-1).date}: ${days.length <= MOST_CANDLES ? "candles" : "closes"} between ${least} and ${most}, and volume`,
    },
    ...priced,
    ...volumes,
    label(8, String(most)),
    label(PRICES, String(least)),
    label(PRICES + 30, count(largest)),
    svg("text", { x: 0, y: PRICES + VOLUMES + 38 }, days[0].date),
    svg("text", { x: WIDTH, y: PRICES + VOLUMES + 38, "text-anchor": "end" }, days.at(-1).date),
  );
}

function ranges() {
  return element(
    "div",
    { class: "tools", role: "group", "aria-label": "Time range" },
    ...RANGES.map((one) => {
      const button = element("button", { type: "button", class: "button quiet", "aria-pressed": String(one === range) }, one.title);
      button.addEventListener("click", () => {
        range = one;
        choose(chosen);
      });
      return button;
    }),
  );
}

/** The query for the first day to show: the chosen range before the last day. */
function firstDay(last) {
  if (range.days === Infinity) return "";
  const first = new Date(`${last}T00:00:00Z`);
  first.setUTCDate(first.getUTCDate() - range.days);
  return `?from=${first.toISOString().slice(0, 10)}`;
}

async function choose(company) {
  chosen = company;
  drawCompanies();
  const known = companies.find((one) => one.company === company);
  if (!known) return;
  try {
    const path = `stocks/${encodeURIComponent(company)}`;
    const { days } = await askJson(path + firstDay(known.last_day));
    if (company !== chosen) return;
    chart.replaceChildren(
      element("h2", {}, company),
      ranges(),
      drawDays(days),
      element("p", {}, element("a", { class: "button quiet", href: `${path}?format=csv`, download: `${company}.csv` }, "Download CSV")),
    );
  } catch (problem) {
    chart.replaceChildren(element("h2", {}, company), element("p", { class: "problem" }, problem.message));
  }
}

async function load() {
  const { runs } = await askJson("runs?pipeline=stocks&limit=1");
  const [run] = runs;
  const version = run ? `${run.id} ${run.state}` : "none";
  empty.hidden = run !== undefined;
  whole.hidden = run === undefined;
  if (version === shownRun || !run) return;
  companies = (await (await ask("stocks")).json()).companies;
  await drawRun(run, lastRun);
  if (companies.length > 0) await choose(companies.some((one) => one.company === chosen) ? chosen : companies[0].company);
  shownRun = version;
}

search.addEventListener("input", drawCompanies);

const loadInTurn = inTurn(load);

export function build(section) {
  section.append(view);
  return together(
    following(() => loadInTurn().catch(() => {})),
    repeating(EVERY_MS, loadInTurn),
  );
}
