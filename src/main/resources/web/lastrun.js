// A pipeline's last run: its state, its files, and what is worth reporting; and as of which run a tab is.
import { askJson } from "./service.js";
import { count, counted, element, time } from "./text.js";

function skipped(files) {
  const out = files.filter((file) => file.skipped != null);
  if (out.length === 0) return element("p", { class: "faint" }, files.length === 0 ? "" : `${counted(files.length, "file", "files")}, all accepted.`);
  return element(
    "details",
    { open: "" },
    element("summary", {}, `${counted(out.length, "file", "files")} of ${count(files.length)} skipped`),
    element("ul", {}, ...out.map((file) => element("li", {}, element("b", {}, file.file), `: ${file.skipped}`))),
  );
}

/** Draws the run into an element; `words` has a sentence for each note that is worth showing, by the note's name. */
export async function drawRun(run, into, words = {}) {
  const { files } = run.files_kept ? await askJson(`runs/${run.id}/files`) : { files: [] };
  const rows = run.rows_read == null ? "" : ` · ${counted(run.rows_read, "row", "rows")} read, ${count(run.rows_counted)} loaded, ${count(run.rows_rejected)} rejected`;
  const notes = Object.entries(words)
    .filter(([name]) => run.notes?.[name])
    .map(([name, sentence]) => sentence(run.notes[name]));
  const parts = [
    element("h2", {}, "Last run ", element("span", { class: `state state-${run.state.replaceAll(" ", "-")}` }, run.state)),
    element("p", { class: "faint" }, element("a", { href: "#runs" }, `Run ${run.id}`), ` of ${time(run.finished_at ?? run.started_at)}${rows}`),
    run.error ? element("p", { class: run.state === "failed" ? "problem" : "faint" }, run.error) : null,
    skipped(files),
    notes.length === 0 ? null : element("ul", {}, ...notes.map((note) => element("li", {}, note))),
  ];
  into.replaceChildren(...parts.filter((part) => part !== null));
}

/** So many runs are looked through for one that ended. */
const RECENT = 20;

async function when(number, recent) {
  const known = recent.find(({ id }) => id === number);
  if (known) return known.finished_at;
  try {
    return (await askJson(`runs/${number}`)).finished_at;
  } catch (failed) {
    // Old runs may be gone, unlike what they made.
    if (failed.status === 404) return null;
    throw failed;
  }
}

/** Says in an element which run made what is shown, and if the last one that ended failed, why. */
export async function drawAsOf(into, pipeline, number) {
  const { runs } = await askJson(`runs?pipeline=${pipeline}&limit=${RECENT}`);
  const ended = runs.find(({ state }) => state === "succeeded" || state === "failed");
  const finished = await when(number, runs);
  const parts = [element("p", { class: "faint" }, `As of run ${number}${finished ? `, ${time(finished)}` : ""}.`)];
  if (ended?.state === "failed") {
    parts.push(element("p", { class: "problem" }, `Run ${ended.id} failed: ${ended.error ?? "it does not say why"} (`, element("a", { href: "#runs" }, "Runs"), ")"));
  }
  // What stays the same is not drawn again: it may hold the focus, and would be read aloud again.
  if (into.textContent !== parts.map(({ textContent }) => textContent).join("")) into.replaceChildren(...parts);
}
