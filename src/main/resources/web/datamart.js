// The raw files as tables, paged by the service.
import { askJson, following, repeating, together } from "./service.js";
import { count, counted, element, size, time } from "./text.js";

const ROWS = 50;
const EVERY_MS = 5000;
const TABLES = [
  { title: "Messages", file: "messages.csv" },
  { title: "Users", file: "users.csv" },
];

const place = document.querySelector("#tables");

function makeTable({ title, file }) {
  let offset = 0;
  let shown = "";
  const facts = element("p", { class: "faint", role: "status" }, "Loading…");
  const head = element("tr");
  const body = element("tbody");
  const button = (label, text, to) => {
    const made = element("button", { type: "button", class: "button quiet", "aria-label": label }, text);
    made.addEventListener("click", () => {
      offset = Math.max(0, to());
      load();
    });
    return made;
  };
  let rows = 0;
  const lastPage = () => Math.max(0, Math.floor((rows - 1) / ROWS) * ROWS);
  const row = element("input", { type: "number", min: "1", "aria-label": `Row of ${title} to go to` });
  row.addEventListener("change", () => {
    offset = Math.max(0, Math.min(Number(row.value) - 1, rows - 1));
    load();
  });
  const back = [button("First page", "«", () => 0), button("Page before", "‹", () => offset - ROWS)];
  const on = [button("Next page", "›", () => offset + ROWS), button("Last page", "»", lastPage)];
  const pager = element("nav", { class: "pager", "aria-label": `Pages of ${title}` }, ...back, element("label", {}, "Row ", row), ...on);
  const scroll = element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `Rows of ${title}` },
    element("table", {}, element("caption", {}, title), element("thead", {}, head), body),
  );
  const section = element("section", { class: "card", "data-file": file }, element("h2", {}, title), facts, scroll, pager);

  function say(words) {
    shown = "";
    facts.replaceChildren(words);
    scroll.hidden = pager.hidden = true;
  }

  function sayFacts(where, bytes, number, modified, readAs) {
    const known = number == null ? "its rows are being counted…" : counted(number, "row", "rows");
    facts.textContent = `${where} · ${size(bytes)} · ${known}${readAs ? ` · read as ${readAs}` : ""} · changed ${time(modified)}`;
  }

  /** Reads a page, if there is another version than the one shown. */
  async function look(place, { size: bytes, modified, rows: number, hint }) {
    if (bytes == null) return say(`${file} is not there yet.${hint ? ` ${hint}.` : ""}`);
    const version = `${modified} ${bytes}`;
    if (version === shown) return;
    sayFacts(`${place}/${file}`, bytes, number, modified);
    if (await load()) shown = version;
  }

  async function load() {
    try {
      draw(await askJson(`raw/leaderboard/${file}?offset=${offset}&limit=${ROWS}`));
      return true;
    } catch (problem) {
      say(element("span", { class: "problem" }, problem.message));
      return false;
    }
  }

  function draw(page) {
    rows = page.rows;
    scroll.hidden = rows === 0;
    pager.hidden = rows <= ROWS;
    sayFacts(`${page.place}/${page.file}`, page.size, rows, page.modified, page.read_as);
    head.replaceChildren(
      element("th", { scope: "col" }, "Line"),
      ...page.columns.map((name) => element("th", { scope: "col" }, name)),
    );
    body.replaceChildren(
      ...page.data.map((one) =>
        one.problem
          ? element(
              "tr",
              { class: "wrong" },
              element("td", { class: "rank" }, count(one.line)),
              element("td", { colspan: page.columns.length }, element("span", { class: "problem" }, one.problem), " ", element("bdi", {}, one.fields.join(""))),
            )
          : element(
              "tr",
              {},
              element("td", { class: "rank" }, count(one.line)),
              ...one.fields.map((field) => element("td", {}, element("bdi", { title: field }, field))),
            ),
      ),
    );
    row.value = offset + 1;
    row.max = rows;
    back.forEach((one) => (one.disabled = offset === 0));
    on.forEach((one) => (one.disabled = offset + ROWS >= rows));
  }

  return { section, look, load, file, say };
}

const tables = TABLES.map(makeTable);
place.append(...tables.map(({ section }) => section));
let looking = null;

async function lookOnce() {
  try {
    const { place: where, files } = await askJson("raw/leaderboard");
    await Promise.all(tables.map(({ look, file }) => look(where, files.find((one) => one.file === file))));
  } catch (problem) {
    tables.forEach(({ say }) => say(element("span", { class: "problem" }, problem.message)));
    throw problem;
  }
}

function look() {
  looking ??= lookOnce().finally(() => (looking = null));
  return looking;
}

export const datamart = together(following(() => look().catch(() => {})), repeating(EVERY_MS, look));
