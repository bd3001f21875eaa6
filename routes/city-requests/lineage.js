// Where a case comes from: its rows of files with what became of each, the runs that wrote them, and its values, column by column.
import { askJson } from "../service.js";
import { element, markup, time } from "../text.js";

const OUTCOMES = {
  counts: ["counts", "succeeded"],
  replaced: ["replaced by a later row", "skipped"],
  rejected: ["rejected", "failed"],
  "held back": ["held back by quality rules", "failed"],
};
const ORIGIN = new Set(["_source_file", "_source_line", "_source_version", "_run"]);

const form = markup(`
  <form id="city-case" role="search" aria-label="Where a case comes from">
    <label>Case number <input name="case" inputmode="numeric" pattern="[0-9]{1,18}" title="A whole number" autocomplete="off" required></label>
    <button class="button quiet">Trace</button>
    <span class="problem" role="alert"></span>
  </form>
  <dialog id="city-lineage" aria-labelledby="city-lineage-title">
    <h2 id="city-lineage-title"></h2>
    <div></div>
    <form method="dialog"><button class="button">Close</button></form>
  </dialog>
`);
const problem = form.querySelector(".problem");
const dialog = form.querySelector("dialog");

function table(title, head, rows) {
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
    element(
      "table",
      {},
      element("caption", {}, title),
      element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...rows.map(([first, ...others]) => element("tr", {}, element("th", { scope: "row" }, first), ...others.map((value) => element("td", {}, value ?? ""))))),
    ),
  );
}

function place(row) {
  return `${row._source_file}, line ${row._source_line}`;
}

function outcome(row) {
  const [words, state] = OUTCOMES[row._outcome];
  return element("span", {}, element("span", { class: `state state-${state}` }, words), row._reason ? ` ${row._reason}` : "");
}

function origin(row) {
  return [place(row), outcome(row), time(row._fetched_at), `Run ${row._run}`, row._source_version];
}

function values({ gold, silver, bronze }) {
  const raw = bronze.map(({ row }) => row);
  const columns = [...new Set([...raw, silver ?? {}, gold ?? {}].flatMap(Object.keys))].filter((column) => !ORIGIN.has(column));
  const text = (row, column) => (row?.[column] == null ? "" : element("bdi", {}, String(row[column])));
  return columns.map((column) => [column, ...raw.map((row) => text(row, column)), text(silver, column), text(gold, column)]);
}

function writers({ gold, silver }) {
  if (silver === null) return "No row of it counts, so it is neither in silver nor in gold.";
  return `Silver was written by run ${silver._run}. ${gold === null ? "It was not closed late, so it is not in late_cases." : `late_cases was written by run ${gold._run}.`}`;
}

function draw(number, lineage) {
  dialog.querySelector("h2").textContent = `Case ${number}`;
  dialog.querySelector("div").replaceChildren(
    table("Rows of files", ["Place", "What became of it", "The file came", "Read by", "Version of the file"], lineage.bronze.map(origin)),
    element("p", {}, writers(lineage)),
    table("Values", ["Column", ...lineage.bronze.map(place), "silver", "late_cases"], values(lineage)),
    table("Runs", ["Run", "State", "Started", "Finished"], lineage.runs.map((run) => [`Run ${run.id}`, run.state, time(run.started_at), run.finished_at === null ? "" : time(run.finished_at)])),
  );
  dialog.showModal();
}

form.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const number = new FormData(event.target).get("case").trim();
  problem.textContent = "";
  try {
    draw(number, await askJson(`city-requests/lineage/${encodeURIComponent(number)}`));
  } catch (failed) {
    problem.textContent = failed.message;
  }
});

/** The field for a case's number, with the dialog that says where the case comes from. */
export const lineage = form;
