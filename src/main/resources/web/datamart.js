// The raw files as tables, paged by the service.
import { askJson, repeating } from "./service.js";
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
      load(true);
    });
    return made;
  };
  let rows = 0;
  const lastPage = () => Math.max(0, Math.floor((rows - 1) / ROWS) * ROWS);
  const row = element("input", { type: "number", min: "1", "aria-label": `Row of ${title} to go to` });
  row.addEventListener("change", () => {
    offset = Math.max(0, Math.min(Number(row.value) - 1, rows - 1));
    load(true);
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

  async function load(always) {
    try {
      const page = await askJson(`raw/leaderboard/${file}?offset=${offset}&limit=${ROWS}`);
      const version = `${page.modified} ${page.size} ${offset}`;
      if (version === shown && !always) return;
      shown = version;
      draw(page);
    } catch (problem) {
      shown = "";
      facts.replaceChildren(
        problem.status === 404 ? `${file} is not there yet.` : element("span", { class: "problem" }, problem.message),
      );
      scroll.hidden = pager.hidden = true;
    }
  }

  function draw(page) {
    rows = page.rows;
    scroll.hidden = pager.hidden = rows === 0;
    facts.textContent = `${page.place}/${page.file} · ${size(page.size)} · ${counted(rows, "row", "rows")} · changed ${time(page.modified)}`;
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

  return { section, load };
}

const tables = TABLES.map(makeTable);
place.append(...tables.map(({ section }) => section));

document.querySelector("#key").addEventListener("change", () => tables.forEach(({ load }) => load(true)));

export const datamart = repeating(EVERY_MS, () => Promise.all(tables.map(({ load }) => load(false))));
