// A pipeline's last run: its state, its files, and what is worth reporting.
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
