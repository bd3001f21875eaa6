// Orders on public holidays, late and undelivered shipments over time, and the best product with its stars.
import { line, svg } from "../drawing.js";
import { drawRun } from "../lastrun.js";
import { askJson, following, inTurn, repeating, together } from "../service.js";
import { count, counted, element, markup } from "../text.js";

const EVERY_MS = 10000;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const STARS = ["one", "two", "three", "four", "five"];
const WIDTH = 720;
const HEIGHT = 160;
const NOTES = {
  rejected_as_consequences: (number) => `${counted(number, "row was", "rows were")} rejected only because ${number === 1 ? "it refers" : "they refer"} to rejected rows of another file.`,
  total_price_differs: (number) => `${counted(number, "order has", "orders have")} a total_price that is not unit_price × quantity; see warnings.csv.`,
  products_without_a_name: (number) => `${counted(number, "product has", "products have")} no name in dim_products.csv and ${number === 1 ? "is" : "are"} shown by id.`,
  days_not_in_dim_dates: (number) => `${counted(number, "day with orders is", "days with orders are")} missing from dim_dates.csv; orders on ${number === 1 ? "it" : "them"} don't count as holiday orders.`,
};

const view = markup(`
  <div id="orders-empty" class="empty" hidden>
    <h2>No results yet</h2>
    <p>A run begins once orders.csv, reviews.csv and shipment_deliveries.csv are there and have stopped changing.</p>
  </div>
  <div id="orders" hidden>
    <section id="orders-run" class="card" aria-label="Last run"></section>
    <div class="pair">
      <section id="best-product" class="card" aria-label="Best product"></section>
      <section id="shipments" class="card" aria-label="Late and undelivered"></section>
    </div>
    <section id="holiday-orders" class="card" aria-label="Orders on public holidays"></section>
  </div>
`);
const empty = view.querySelector("#orders-empty");
const whole = view.querySelector("#orders");
const lastRun = view.querySelector("#orders-run");
const best = view.querySelector("#best-product");
const holidays = view.querySelector("#holiday-orders");
const shipments = view.querySelector("#shipments");

let shownRun = null;

function label(x, y, text, anchor = "middle") {
  return svg("text", { x, y, "text-anchor": anchor }, text);
}

function download(table) {
  return element("p", {}, element("a", { class: "button quiet", href: `orders/analytics/${table}?format=csv`, download: `${table}.csv` }, "Download CSV"));
}

function drawHolidays(row) {
  const values = MONTHS.map((month) => row[`tt_order_hol_${month}`]);
  const most = Math.max(1, ...values);
  const step = WIDTH / MONTHS.length;
  const columns = values.flatMap((value, at) => {
    const height = (value / most) * HEIGHT;
    const name = MONTHS[at][0].toUpperCase() + MONTHS[at].slice(1);
    return [
      svg("rect", { class: "column", x: at * step + step * 0.15, width: step * 0.7, y: 24 + HEIGHT - height, height }, svg("title", {}, `${name}: ${count(value)}`)),
      label((at + 0.5) * step, 16 + HEIGHT - height, value === 0 ? "" : count(value)),
      label((at + 0.5) * step, HEIGHT + 42, name),
    ];
  });
  const total = values.reduce((sum, value) => sum + value, 0);
  const summary = `${counted(total, "order", "orders")} on public holidays in the year before ${row.ingestion_date}`;
  holidays.replaceChildren(
    element("h2", {}, "Orders on public holidays"),
    element("p", { class: "faint" }, `${summary}.`),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + 50}`, role: "img", "aria-label": `${summary}, by month` }, ...columns),
    download("agg_public_holiday"),
  );
}

function figure(name, title, rows, key) {
  const [before, now] = [rows.at(-2)?.[key], rows.at(-1)[key]];
  const change = before == null || before === now ? "" : ` (${now > before ? "+" : "−"}${count(Math.abs(now - before))})`;
  return element("p", { class: `figure ${name}` }, element("b", {}, count(now)), ` ${title}${change}`);
}

function drawShipments(rows) {
  const keys = ["tt_late_shipments", "tt_undelivered_items"];
  const most = Math.max(1, ...rows.flatMap((row) => keys.map((key) => row[key])));
  const drawn = (key, name) => svg("polyline", { class: name, points: line(rows.map((row) => row[key]), WIDTH, HEIGHT, 0, most) });
  const chart = svg(
    "svg",
    { viewBox: `-4 -34 ${WIDTH + 8} ${HEIGHT + 64}`, role: "img", "aria-label": `Late and undelivered from ${rows[0].ingestion_date} to ${rows.at(-1).ingestion_date}` },
    svg("line", { class: "axis", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
    drawn(keys[0], "late"),
    drawn(keys[1], "undelivered"),
    label(0, -10, count(most), "start"),
    label(0, HEIGHT + 22, rows[0].ingestion_date, "start"),
    label(WIDTH, HEIGHT + 22, rows.at(-1).ingestion_date, "end"),
  );
  shipments.replaceChildren(
    element("h2", {}, "Late and undelivered"),
    figure("late", "shipped after six days or more, not delivered", rows, keys[0]),
    figure("undelivered", "neither shipped nor delivered within fifteen days", rows, keys[1]),
    rows.length > 1 ? chart : element("p", { class: "faint" }, "A chart over time appears after the next day's run."),
    download("agg_shipments"),
  );
}

function starRow(row, stars) {
  const share = Number(row[`pct_${STARS[stars - 1]}_star_review`]);
  return element(
    "li",
    {},
    element("span", { class: "faint" }, `${stars} ★`),
    element("meter", { min: 0, max: 100, value: share, "aria-label": `${counted(stars, "star", "stars")}: ${share} %` }),
    element("span", { class: "number" }, `${share.toFixed(2)} %`),
  );
}

function drawBest(row) {
  if (row == null) {
    best.replaceChildren(element("h2", {}, "Best product"), element("p", { class: "faint" }, "There are no reviews yet."));
    return;
  }
  const average = STARS.reduce((sum, name, at) => sum + (at + 1) * Number(row[`pct_${name}_star_review`]), 0) / 100;
  const full = Math.round(average);
  const percent = (value) => (value == null ? "no shipments" : `${Number(value).toFixed(2)} %`);
  const fact = (name, value) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
  best.replaceChildren(
    element("h2", {}, "Best product"),
    element("p", { class: "product" }, row.product_name),
    element(
      "p",
      {},
      element("span", { class: "stars", role: "img", "aria-label": `${average.toFixed(1)} of 5 stars` }, "★".repeat(full) + "☆".repeat(5 - full)),
      ` ${average.toFixed(1)} · ${counted(row.tt_review_points, "review point", "review points")}`,
    ),
    element("ul", { class: "shares" }, ...[5, 4, 3, 2, 1].map((stars) => starRow(row, stars))),
    element(
      "dl",
      {},
      fact("Most ordered on", row.most_ordered_day == null ? "never ordered" : row.most_ordered_day + (row.is_public_holiday ? ", a public holiday" : "")),
      fact("Shipped early", percent(row.pct_early_shipments)),
      fact("Shipped late", percent(row.pct_late_shipments)),
    ),
    download("best_performing_product"),
  );
}

async function load() {
  const [run] = (await askJson("runs?pipeline=orders&limit=1")).runs;
  const version = run ? `${run.id} ${run.state}` : "none";
  empty.hidden = run !== undefined;
  whole.hidden = run === undefined;
  if (version === shownRun || !run) return;
  const results = await askJson("orders/analytics");
  await drawRun(run, lastRun, NOTES);
  const there = results.agg_shipments.length > 0;
  for (const card of [best, holidays, shipments]) card.hidden = !there;
  if (there) {
    drawBest(results.best_performing_product);
    drawHolidays(results.agg_public_holiday);
    drawShipments(results.agg_shipments);
  }
  shownRun = version;
}

const loadInTurn = inTurn(load);

export function build(section) {
  section.append(view);
  return together(
    following(() => loadInTurn().catch(() => {})),
    repeating(EVERY_MS, loadInTurn),
  );
}
