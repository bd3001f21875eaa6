// The stream as it flows: rows per second, how far readers are behind, the latest day's sales; and invoices and customers, found by number.
import { svg } from "../drawing.js";
import { rejectedRows } from "../rejected.js";
import { ask, askJson, inTurn, repeating } from "../service.js";
import { count, counted, element, markup } from "../text.js";

const EVERY_MS = 1000;
const WIDTH = 720;
const HEIGHT = 150;
const HOURS = 24;
/** The service counts one more rejected row than these, and no further. */
const MOST_COUNTED = 10_000;
const PLACES = { store: "the invoices and customers", warehouse: "the warehouse", archive: "the archive", redshift: "Redshift" };
const READERS = { store: "invoices and customers", warehouse: "warehouse", archive: "archive" };

const view = markup(`
  <div id="transactions-empty" class="empty" hidden>
    <h2>No sales yet</h2>
    <p>POST sales to /transactions as JSON, or send a file:</p>
    <p><code>./brigade send samples/transactions/sales.csv <span id="transactions-address"></span> --rate 50</code></p>
    <p>Or watch a shop's day in one minute: 3,000 invented rows, 50 per second. They stay in the tables.</p>
    <p><button id="sample-play" type="button" class="button">Play the sample</button></p>
  </div>
  <p id="sample-playing" class="tools" role="status" hidden>
    <span id="sample-progress"></span> <button id="sample-stop" type="button" class="button">Stop</button>
  </p>
  <div id="transactions" hidden>
    <section class="card" aria-label="Stream">
      <div id="stream-figures" class="figures"></div>
      <p id="stream-readers" class="faint"></p>
    </section>
    <div id="sales-rejected"></div>
    <form id="sales-search" class="tools" role="search">
      <label>Invoice or customer <input id="sales-number" type="search" autocomplete="off" placeholder="536365 or 17850"></label>
      <button type="submit" class="button">Find</button>
    </form>
    <section id="sales-found" class="card" aria-label="Found" aria-live="polite" hidden></section>
    <div class="pair">
      <section id="sales-hours" class="card" aria-label="Sales by hour"></section>
      <section id="sales-best" class="card" aria-label="Best sellers"></section>
    </div>
    <section id="sales-latest" class="card" aria-label="Latest invoices"></section>
  </div>
`);
const find = (id) => view.querySelector(id);
const empty = find("#transactions-empty");
const whole = find("#transactions");
const figures = find("#stream-figures");
const readers = find("#stream-readers");
const found = find("#sales-found");
const hours = find("#sales-hours");
const best = find("#sales-best");
const latest = find("#sales-latest");
const search = find("#sales-search");
const number = find("#sales-number");
const playing = find("#sample-playing");
const progress = find("#sample-progress");
const stop = find("#sample-stop");
find("#transactions-address").textContent = new URL("transactions", document.baseURI).href;

const PLAY_EVERY_MS = 200;
const PLAYED_AT_ONCE = 10;

const rejected = rejectedRows("transactions", PLACES);
find("#sales-rejected").append(rejected.element);

let sample = null;
let played = 0;
let stopped = true;
let before = null;
let shown = "";

function money(value) {
  return Number(value).toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function figure(name, value, title) {
  return element("p", { class: "figure", "data-figure": name }, element("b", {}, value), ` ${title}`);
}

function rate(arrived) {
  const now = performance.now();
  const known = before;
  before = { arrived, now };
  return known === null ? 0 : Math.max(0, ((arrived - known.arrived) * 1000) / (now - known.now));
}

function drawStream(live) {
  const speed = Math.round(rate(live.arrived));
  figures.replaceChildren(
    figure("rate", count(speed), `${speed === 1 ? "row" : "rows"} per second`),
    figure("stored", count(live.stored), `${live.stored === 1 ? "row" : "rows"} stored`),
    figure("rejected", live.rejected > MOST_COUNTED ? `over ${count(MOST_COUNTED)}` : count(live.rejected), "rejected"),
  );
  readers.textContent = live.readers
    .map(({ reader, rows }) => `${READERS[reader] ?? reader}: ${rows === 0 ? "up to date" : `${counted(rows, "row", "rows")} behind`}`)
    .join(" · ");
}

function label(x, y, text) {
  return svg("text", { x, y, "text-anchor": x < WIDTH / HOURS ? "start" : "middle" }, text);
}

function drawHours(live) {
  const most = Math.max(1, ...live.hours.map(({ gross }) => Number(gross)));
  const step = WIDTH / HOURS;
  const columns = live.hours.map(({ hour, gross, net }) => {
    const height = (Number(gross) / most) * HEIGHT;
    const title = svg("title", {}, `${hour}:00: ${money(gross)} gross, ${money(net)} net`);
    return svg("rect", { class: "column", x: hour * step + step * 0.15, width: step * 0.7, y: HEIGHT - height, height }, title);
  });
  const total = (name) => money(live.hours.reduce((sum, one) => sum + Number(one[name]), 0));
  const words = `${total("gross")} gross; ${total("net")} net of cancellations and adjustments.`;
  const parts = [
    element("h2", {}, `Sales by hour, ${live.day}`),
    element("p", { class: "faint" }, words),
    live.last_day === live.day ? null : element("p", { class: "faint" }, `Sales with later dates, up to ${live.last_day}, are in the future and not shown here.`),
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT + 28}`, role: "img", "aria-label": `Sales by hour, ${live.day}: ${words}` },
      svg("line", { class: "axis", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
      ...columns,
      ...[0, 6, 12, 18].map((hour) => label(hour * step, HEIGHT + 22, `${hour}:00`)),
    ),
  ];
  hours.replaceChildren(...parts.filter((part) => part !== null));
}

function table(caption, heads, rows) {
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))))),
    ),
  );
}

function link(text, show) {
  const button = element("button", { type: "button", class: "link" }, text);
  button.addEventListener("click", show);
  return button;
}

function customerLink(customer) {
  return customer == null ? "" : link(customer, () => look(() => showCustomer(customer)));
}

function invoiceLink(invoice) {
  return link(invoice, () => look(() => showInvoice(invoice)));
}

function drawBest(live) {
  best.replaceChildren(
    element("h2", {}, `Best sellers, ${live.day}`),
    table(
      "The products with the highest gross revenue",
      ["Product", "Quantity", "Revenue"],
      live.best.map((product) => [product.description ?? product.stock_code, count(product.quantity), money(product.revenue)]),
    ),
  );
}

function when(text) {
  return text.replace("T", " ").slice(0, 16);
}

function drawLatest(live) {
  latest.replaceChildren(
    element("h2", {}, "Latest invoices"),
    table(
      "The latest invoices, at most ten",
      ["Invoice", "Time", "Customer", "Country", "Lines", "Net total"],
      live.invoices.map((one) => [
        invoiceLink(one.invoice_no),
        when(one.sold_at),
        customerLink(one.customer_id),
        one.country ?? "",
        count(one.lines),
        money(one.net),
      ]),
    ),
  );
}

async function showInvoice(name) {
  const invoice = await askJson(`transactions/invoices/${encodeURIComponent(name)}`);
  found.replaceChildren(
    element("h2", {}, `Invoice ${invoice.invoice_no}`),
    element("p", {}, `${when(invoice.first_line_at)} · ${invoice.country ?? "no country"} · customer `, customerLink(invoice.customer_id) || "unknown", ` · ${money(invoice.total)}`),
    table(
      `The lines of invoice ${invoice.invoice_no}`,
      ["Product", "Description", "Quantity", "Price", "Amount"],
      invoice.lines.map((one) => [one.stock_code, one.description ?? "", count(one.quantity), String(one.unit_price), money(one.amount)]),
    ),
  );
}

async function showCustomer(name) {
  const customer = await askJson(`transactions/customers/${encodeURIComponent(name)}/invoices`);
  found.replaceChildren(
    element("h2", {}, `Customer ${customer.customer_id}`),
    element("p", {}, `${counted(customer.invoice_count, "invoice", "invoices")} · ${money(customer.total_spent)} · from ${when(customer.first_purchase)} to ${when(customer.last_purchase)}`),
    table(
      `The latest invoices of customer ${customer.customer_id}`,
      ["Invoice", "Time", "Lines", "Total"],
      customer.invoices.map((one) => [invoiceLink(one.invoice_no), when(one.first_line_at), count(one.lines), money(one.total)]),
    ),
  );
}

async function look(show) {
  try {
    await show();
  } catch (failed) {
    found.replaceChildren(element("p", { class: "problem" }, failed.message));
  }
  found.hidden = false;
}

/** A number is looked for among the invoices first. */
async function showEither(name) {
  try {
    await showInvoice(name);
  } catch (failed) {
    if (failed.status !== 404) throw failed;
    try {
      await showCustomer(name);
    } catch (neither) {
      throw neither.status === 404 ? new Error(`There is neither an invoice nor a customer ${name}.`) : neither;
    }
  }
}

search.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = number.value.trim();
  if (name) look(() => showEither(name));
});

/** Goes on where it stopped. The key makes sure that nothing is stored twice, also if two windows play. */
async function play() {
  playing.hidden = false;
  stop.textContent = "Stop";
  stopped = false;
  try {
    sample ??= await askJson("transactions/sample");
    while (!stopped && played < sample.length) {
      const due = performance.now() + PLAY_EVERY_MS;
      await ask("transactions", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": "sample", "Idempotency-Offset": String(played) },
        body: JSON.stringify(sample.slice(played, played + PLAYED_AT_ONCE)),
      });
      played = Math.min(sample.length, played + PLAYED_AT_ONCE);
      progress.textContent = `Playing the sample: ${count(played)} of ${count(sample.length)} rows.`;
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    }
  } catch (failed) {
    progress.textContent = failed.message;
  }
  if (stopped) progress.textContent = `The sample is stopped: ${count(played)} of ${count(sample.length)} rows are sent.`;
  stopped = true;
  stop.textContent = "Go on";
  playing.hidden = sample !== null && played === sample.length;
}

find("#sample-play").addEventListener("click", play);
stop.addEventListener("click", () => {
  if (stopped) play();
  else stopped = true;
});

async function load() {
  const live = await askJson("transactions/live");
  const sold = live.stored > 0;
  empty.hidden = sold;
  whole.hidden = !sold && live.rejected === 0;
  search.hidden = !sold;
  drawStream(live);
  rejected.show(live.rejected);
  // What stays the same is not drawn again: it may hold the focus.
  const content = JSON.stringify([live.day, live.last_day, live.hours, live.best, live.invoices]);
  for (const card of [hours, best, latest]) card.hidden = live.day === null;
  if (content === shown || live.day === null) return;
  shown = content;
  drawHours(live);
  drawBest(live);
  drawLatest(live);
}

export function build(section) {
  section.append(view);
  return repeating(EVERY_MS, inTurn(load));
}
