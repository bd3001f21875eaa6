// The ledger, newest runs first, updated while it is shown.
import { firstRows } from "./csv.js";
import { ask, askJson, following, repeating, together } from "./service.js";
import { count, element, howFar, markup, seconds, size, time } from "./text.js";

const EVERY_MS = 5000;
const AT_ONCE = 30;

const view = markup(`
  <div class="tools">
    <label>State <select id="run-state">
      <option value="">all</option><option>running</option><option>succeeded</option><option>failed</option><option>released</option><option>skipped</option>
    </select></label>
  </div>
  <div id="runs-empty" class="empty" hidden><h2>No runs</h2><p>A run begins when all files of a pipeline are there, and whenever one of them changes.</p></div>
  <ol id="runs" aria-label="Runs, newest first"></ol>
  <p><button type="button" id="older" class="button quiet" hidden>Show older runs</button></p>
`);
const list = view.querySelector("#runs");
const empty = view.querySelector("#runs-empty");
const state = view.querySelector("#run-state");
const older = view.querySelector("#older");

let limit = AT_ONCE;
/** The cards shown, by the run's number: a card stays as it is, opened or not, as long as its run doesn't change. */
let cards = new Map();

function fact(title, value) {
  return value == null || value === "" ? [] : [element("div", {}, element("dt", {}, title), element("dd", {}, String(value)))];
}

/** The name of a note, in words. */
function words(name) {
  const text = name.replaceAll("_", " ");
  return text[0].toUpperCase() + text.slice(1);
}

function files(title, items) {
  return items.length === 0 ? null : element("details", {}, element("summary", {}, title), element("ul", {}, ...items.map((item) => element("li", {}, item))));
}

function progress(run) {
  const bar = element("progress", { max: Math.max(1, run.bytes), "aria-label": `Run ${run.id}, bytes read` });
  bar.value = run.bytes_read;
  return element("div", {}, bar, element("p", { class: "faint" }, howFar(run)));
}

function download(run, text) {
  const file = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = element("a", { href: file, download: `rejected-${run.id}.csv`, class: "button quiet" }, "Download");
  return element("p", {}, link);
}

function rejected(run) {
  const place = element("div");
  const details = element("details", { class: "rejected" }, element("summary", {}, "Rejected rows"), place);
  let loaded = false;
  details.addEventListener("toggle", async () => {
    if (!details.open || loaded) return;
    place.textContent = "Loading…";
    try {
      const text = await (await ask(`runs/${run.id}/rejected.csv`)).text();
      const [header, ...rows] = firstRows(text, false, Infinity);
      place.replaceChildren(
        element(
          "div",
          { class: "scroll", tabindex: "0", role: "region", "aria-label": `Rows that run ${run.id} rejected` },
          element(
            "table",
            {},
            element("thead", {}, element("tr", {}, ...header.map((name) => element("th", { scope: "col" }, name)))),
            element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((field) => element("td", {}, element("bdi", {}, field)))))),
          ),
        ),
        download(run, text),
      );
      loaded = true;
    } catch (problem) {
      place.replaceChildren(element("span", { class: "problem" }, problem.message));
    }
  });
  return details;
}

function filesOfRun(run) {
  const place = element("div");
  const details = element("details", {}, element("summary", {}, "Files"), place);
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    try {
      const { files: all } = await askJson(`runs/${run.id}/files`);
      const skipped = all.filter((file) => file.skipped != null);
      place.replaceChildren(
        element("p", { class: "faint" }, `${count(all.length - skipped.length)} accepted, ${count(skipped.length)} skipped`),
        element("ul", {}, ...skipped.map((file) => element("li", {}, `${file.file}: ${file.skipped}`))),
      );
    } catch (problem) {
      place.replaceChildren(element("span", { class: "problem" }, problem.message));
    }
  });
  return details;
}

/** What each step of a run on a lake took. */
function steps(run) {
  const titles = ["Step", "Rows", "Read", "Written", "Time", "Memory", "Put aside"];
  const rows = run.steps.map((step) => [count(step.rows), size(step.bytes_read), size(step.bytes_written), seconds(step.seconds), size(step.memory_bytes), size(step.spilled_bytes)]);
  return element(
    "details",
    {},
    element("summary", {}, "Steps"),
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": `Steps of run ${run.id}` },
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)))),
        element("tbody", {}, ...run.steps.map((step, at) => element("tr", {}, element("th", { scope: "row" }, step.step), ...rows[at].map((figure) => element("td", {}, figure))))),
      ),
    ),
  );
}

/** Only runs that checks begin can be repeated here; whoever called a feed repeats it. */
function again(run) {
  if (run.state === "running" || run.trigger === "REST" || run.task === "feed") return null;
  const said = element("span", { class: "faint", role: "status" });
  const button = element("button", { type: "button", class: "button quiet", "aria-label": `Run again what run ${run.id} did` }, "Run again");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await ask(`runs/${run.id}/replay`, { method: "POST" });
      said.textContent = " The next check begins it.";
    } catch (problem) {
      said.textContent = ` ${problem.message}`;
      button.disabled = false;
    }
  });
  return element("p", {}, button, said);
}

function drawRun(run) {
  const facts = [
    ...fact("Started", time(run.started_at)),
    ...fact("Duration", seconds(run.seconds)),
    ...fact("Trigger", run.trigger),
    ...fact("Attempt", run.attempt > 1 ? run.attempt : null),
    ...fact("Read", run.rows_read == null ? null : count(run.rows_read)),
    ...fact("Counted", run.rows_counted == null ? null : count(run.rows_counted)),
    ...fact("Rejected", run.rows_rejected == null ? null : count(run.rows_rejected)),
    ...Object.entries(run.notes ?? {}).flatMap(([name, number]) => fact(words(name), count(number))),
    ...fact("Next attempt", run.retry_at == null ? null : time(run.retry_at)),
  ];
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
    run.state === "running" ? progress(run) : null,
    element("dl", {}, ...facts),
    run.error ? element("p", { class: "problem" }, run.error) : null,
    run.steps ? steps(run) : null,
    run.files_kept ? filesOfRun(run) : null,
    run.rejected_kept ? rejected(run) : null,
    files("Inputs", run.inputs.map((input) => `${input.path} · ${size(input.size)} · ${time(input.modified)}`)),
    files("Outputs", run.outputs),
    again(run),
  );
}

async function load() {
  const chosen = state.value ? `&state=${encodeURIComponent(state.value)}` : "";
  const { runs } = await askJson(`runs?limit=${limit + 1}${chosen}`);
  const drawn = new Map(
    runs.slice(0, limit).map((run) => {
      const text = JSON.stringify(run);
      const before = cards.get(run.id);
      return [run.id, before?.text === text ? before : { text, item: drawRun(run) }];
    }),
  );
  if (drawn.size !== cards.size || [...drawn].some(([id, card]) => cards.get(id) !== card)) {
    cards = drawn;
    list.replaceChildren(...[...cards.values()].map(({ item }) => item));
  }
  empty.hidden = runs.length > 0;
  older.hidden = runs.length <= limit;
}

function loadNow() {
  load().catch(() => {});
}

state.addEventListener("change", () => {
  limit = AT_ONCE;
  loadNow();
});
older.addEventListener("click", () => {
  limit += AT_ONCE;
  loadNow();
});

export function build(section) {
  section.append(view);
  return together(following(loadNow), repeating(EVERY_MS, load));
}
