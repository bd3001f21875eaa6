// The ledger: newest first, watched while it is shown.
import { askJson, repeating } from "./service.js";
import { count, element, seconds, size, time } from "./text.js";

const EVERY_MS = 1000;
const AT_ONCE = 30;

const list = document.querySelector("#runs");
const empty = document.querySelector("#runs-empty");
const state = document.querySelector("#run-state");
const older = document.querySelector("#older");

let limit = AT_ONCE;
let shown = "";

function fact(title, value) {
  return value == null || value === "" ? [] : [element("div", {}, element("dt", {}, title), element("dd", {}, String(value)))];
}

function drawRun(run) {
  const facts = [
    ...fact("Began", time(run.started_at)),
    ...fact("Took", seconds(run.seconds)),
    ...fact("Because of", run.trigger),
    ...fact("Attempt", run.attempt > 1 ? run.attempt : null),
    ...fact("Read", run.rows_read == null ? null : count(run.rows_read)),
    ...fact("Counted", run.rows_counted == null ? null : count(run.rows_counted)),
    ...fact("Rejected", run.rows_rejected == null ? null : count(run.rows_rejected)),
    ...fact("Unknown authors", run.unknown_authors == null ? null : count(run.unknown_authors)),
    ...fact("Again at", run.retry_at == null ? null : time(run.retry_at)),
  ];
  const inputs = (run.inputs ?? []).map((input) => element("li", {}, `${input.location}/${input.name} · ${size(input.size)} · ${time(input.modified)}`));
  return element(
    "li",
    { class: "card run" },
    element(
      "h2",
      {},
      `Run ${run.id} `,
      element("span", { class: `state state-${run.state.replaceAll(" ", "-")}` }, run.state),
      element("span", { class: "faint" }, ` ${run.pipeline}, ${run.task}`),
    ),
    element("dl", {}, ...facts),
    run.error ? element("p", { class: "problem" }, run.error) : null,
    inputs.length > 0 ? element("details", {}, element("summary", {}, "Inputs"), element("ul", {}, ...inputs)) : null,
  );
}

async function load() {
  const chosen = state.value ? `&state=${encodeURIComponent(state.value)}` : "";
  const { runs } = await askJson(`runs?limit=${limit + 1}${chosen}`);
  const text = JSON.stringify(runs) + limit;
  if (text === shown) return;
  shown = text;
  const open = new Set([...list.querySelectorAll("details[open]")].map((one) => one.closest("li.run").dataset.run));
  list.replaceChildren(
    ...runs.slice(0, limit).map((run) => {
      const item = drawRun(run);
      item.dataset.run = run.id;
      if (open.has(String(run.id))) item.querySelector("details")?.setAttribute("open", "");
      return item;
    }),
  );
  empty.hidden = runs.length > 0;
  older.hidden = runs.length <= limit;
}

state.addEventListener("change", () => {
  limit = AT_ONCE;
  load().catch(() => {});
});
older.addEventListener("click", () => {
  limit += AT_ONCE;
  load().catch(() => {});
});

export const runs = repeating(EVERY_MS, load);
