// The input files as tables, paged by the service.
import { chooser } from "./chooser.js";
import { askJson, following, repeating, together } from "./service.js";
import { count, counted, element, size, time } from "./text.js";

const ROWS = 50;
const EVERY_MS = 5000;
const place = element("div", { id: "tables" });
/** The pipeline whose files are shown, and its tables by file name. */
let pipeline = null;
let tables = new Map();

function makeTable(file) {
  const path = `raw/${pipeline}/${encodeURIComponent(file)}`;
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
  const row = element("input", { type: "number", min: "1", "aria-label": `Go to row in ${file}` });
  row.addEventListener("change", () => {
    offset = Math.max(0, Math.min(Number(row.value) - 1, rows - 1));
    load();
  });
  const back = [button("First page", "«", () => 0), button("Previous page", "‹", () => offset - ROWS)];
  const on = [button("Next page", "›", () => offset + ROWS), button("Last page", "»", lastPage)];
  const pager = element("nav", { class: "pager", "aria-label": `Pages of ${file}` }, ...back, element("label", {}, "Row ", row), ...on);
  const scroll = element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `Rows of ${file}` },
    element("table", {}, element("caption", {}, file), element("thead", {}, head), body),
  );
  const section = element("section", { class: "card", "data-file": file }, element("h2", {}, file), facts, scroll, pager);

  function say(words) {
    shown = "";
    facts.replaceChildren(words);
    scroll.hidden = pager.hidden = true;
  }

  function sayFacts(where, bytes, number, modified, readAs) {
    const known = number == null ? "its rows are being counted…" : counted(number, "row", "rows");
    facts.textContent = `${where} · ${size(bytes)} · ${known}${readAs ? ` · read as ${readAs}` : ""} · changed ${time(modified)}`;
  }

  /** Reads a page if the file has changed since the one shown. */
  async function refresh(place, { size: bytes, modified, rows: number, hint }) {
    if (bytes == null) return say(`${file} is not there yet.${hint ? ` ${hint}.` : ""}`);
    const version = `${modified} ${bytes}`;
    if (version === shown) return;
    sayFacts(`${place}/${file}`, bytes, number, modified);
    if (await load()) shown = version;
  }

  async function load() {
    try {
      draw(await askJson(`${path}?offset=${offset}&limit=${ROWS}`));
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

  return { section, refresh, say };
}

let refreshing = null;

async function refreshOnce() {
  const of = pipeline;
  try {
    const { place: where, files } = await askJson(`raw/${of}`);
    if (of !== pipeline) return;
    const shown = files.filter((one) => one.columns.length > 0);
    const named = shown.filter(({ file }) => file != null);
    if (named.some(({ file }) => !tables.has(file)) || named.length !== tables.size) {
      tables = new Map(named.map(({ file }) => [file, tables.get(file) ?? makeTable(file)]));
      const missing = shown.filter(({ file }) => file == null);
      place.replaceChildren(
        ...[...tables.values()].map(({ section }) => section),
        ...missing.map(({ pattern }) => element("p", { class: "faint" }, `No file matches ${pattern} yet.`)),
      );
    }
    await Promise.all(named.map((one) => tables.get(one.file).refresh(where, one)));
  } catch (problem) {
    const said = element("span", { class: "problem" }, problem.message);
    if (tables.size === 0) place.replaceChildren(said);
    else tables.forEach(({ say }) => say(said.cloneNode(true)));
    throw problem;
  }
}

function refresh() {
  refreshing ??= refreshOnce().finally(() => (refreshing = null));
  return refreshing;
}

export function build(section, pipelines) {
  const choice = chooser("datamart", pipelines, (name) => {
    pipeline = name;
    tables = new Map();
    place.replaceChildren();
    (refreshing ?? Promise.resolve()).catch(() => {}).then(() => refresh()).catch(() => {});
  });
  section.append(element("p", { class: "faint" }, "The input files as they are, shown as tables."), choice.element, place);
  return together(
    choice,
    following(() => refresh().catch(() => {})),
    repeating(EVERY_MS, refresh),
  );
}
