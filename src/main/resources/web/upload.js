// Uploads files to the input folder or bucket: checks them here first, sends them as one batch, and follows the run that reads them until it ends.
import { chooser } from "./chooser.js";
import { recogniseRows } from "./csv.js";
import { ask, askForKey, askJson, authorization } from "./service.js";
import { counted, element, howFar, markup, size } from "./text.js";

const PREVIEW_BYTES = 64 * 1024;
const PREVIEW_ROWS = 6;
const EVERY_MS = 500;
const PATIENCE_MS = 15_000;

const view = markup(`
  <div id="drop" class="drop">
    <p id="wanted"></p>
    <p><label class="button" for="files">Choose files</label>
      <input id="files" class="hidden-input" type="file" multiple accept=".csv,text/csv"></p>
    <ul id="columns" class="faint"></ul>
  </div>
  <div id="chosen"></div>
  <p><button type="button" id="send" class="button" hidden>Upload</button></p>
  <p id="after" role="status"></p>
`);
const wanted = view.querySelector("#wanted");
const columns = view.querySelector("#columns");
const drop = view.querySelector("#drop");
const input = view.querySelector("#files");
const chosen = view.querySelector("#chosen");
const send = view.querySelector("#send");
const after = view.querySelector("#after");

/** The files to send, by the name under which they are sent. */
const ready = new Map();
let busy = false;
let choice = null;
/** The pipeline whose files are sent, as GET /pipelines lists it, and the paths of its files and batches. */
let pipeline = null;
let raw = "";
let batches = "";

async function inspect(file, expected) {
  if (file.size === 0) return { problem: "The file is empty." };
  if (file.size > expected.upload_max) {
    return { problem: `The file is too large: it has ${size(file.size)}, and at most ${size(expected.upload_max)} are accepted (BRIGADE_UPLOAD_MAX). Copy it to ${expected.place} yourself.` };
  }
  const bytes = await file.slice(0, PREVIEW_BYTES).arrayBuffer();
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: file.size > PREVIEW_BYTES });
  } catch {
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  if (text.includes("\0")) return { problem: "This is not a CSV file: it contains bytes that are not text." };
  const { rows, readAs, name, matches, missing, needed } = recogniseRows(text, file.size > PREVIEW_BYTES, PREVIEW_ROWS, expected.files);
  if (rows.length === 0) return { problem: "This is not a CSV file: it has no header with the names of the columns." };
  if (missing.length === needed.length) {
    return { problem: `None of the columns is known. Read as ${readAs}, the header has: ${rows[0].join(", ").slice(0, 200)}.`, rows };
  }
  if (missing.length > 0) {
    return { problem: `It looks like ${name}, but is missing the column${missing.length === 1 ? "" : "s"} ${missing.join(", ")}.`, rows };
  }
  if (matches && !matches.test(file.name)) {
    return { problem: `It looks like ${name}, but its name does not match. Rename it.`, rows };
  }
  return { name: matches ? file.name : name, rows, readAs };
}

function preview(rows) {
  const [header, ...data] = rows;
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "The first rows" },
    element(
      "table",
      { class: "preview" },
      element("thead", {}, element("tr", {}, ...header.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...data.map((row) => element("tr", {}, ...row.map((field) => element("td", {}, element("bdi", {}, field)))))),
    ),
  );
}

async function add(files) {
  after.replaceChildren();
  let expected;
  try {
    expected = await askJson(raw);
  } catch (problem) {
    after.replaceChildren(element("span", { class: "problem", role: "alert" }, problem.message));
    return;
  }
  for (const file of files) {
    const seen = await inspect(file, expected);
    const card = element(
      "article",
      { class: seen.problem ? "card wrong" : "card", "data-file": seen.name ?? "" },
      element("h2", {}, seen.name ?? "Can't be used", " ", element("span", { class: "faint" }, file.name, " · ", size(file.size), seen.name && seen.readAs !== "comma-separated" ? ` · read as ${seen.readAs}` : "")),
      seen.problem ? element("p", { class: "problem", role: "alert" }, seen.problem) : null,
      seen.rows ? preview(seen.rows) : null,
      seen.name ? element("progress", { max: "1", value: "0", "aria-label": `${seen.name} sent` }) : null,
      seen.name ? element("p", { class: "faint speed", role: "status" }) : null,
    );
    if (seen.name) {
      ready.get(seen.name)?.card.remove();
      ready.set(seen.name, { file, card });
    } else {
      chosen.querySelectorAll(".wrong").forEach((old) => old.remove());
    }
    chosen.append(card);
  }
  send.hidden = ready.size === 0;
}

/** Sends a file. XMLHttpRequest reports how much has been sent; fetch doesn't. */
function put(batch, name, { file, card }) {
  const bar = card.querySelector("progress");
  const speed = card.querySelector(".speed");
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const key = document.querySelector("#key").value;
    const start = performance.now();
    call.open("PUT", `${batches}/${batch}/${name}`);
    call.setRequestHeader("Content-Type", "text/csv");
    for (const [name, value] of Object.entries(authorization())) call.setRequestHeader(name, value);
    call.upload.onprogress = ({ loaded }) => {
      bar.value = loaded / file.size;
      const took = (performance.now() - start) / 1000;
      speed.textContent = `${size(loaded)} of ${size(file.size)}, ${size(loaded / Math.max(took, 0.001))}/s`;
    };
    call.onerror = () => reject(new Error("The connection was lost."));
    call.onload = () => {
      if (call.status === 200) {
        bar.value = 1;
        resolve();
        return;
      }
      let detail = `The service answered with status ${call.status}.`;
      try {
        detail = JSON.parse(call.responseText).detail ?? detail;
      } catch {
        // The answer is not the service's own; the status has to do.
      }
      const error = new Error(detail);
      error.status = call.status;
      error.key = key;
      reject(error);
    };
    call.send(file);
  });
}

async function missingFiles() {
  const { files } = await askJson(raw);
  return files.filter(({ size, optional }) => size == null && !optional).map(({ file, pattern }) => file ?? pattern);
}

/** Says that a batch can't be put in place, which holds up everything after it. */
function sayStuck(batch, error) {
  if (after.textContent.includes(error)) return;
  const dropIt = element("button", { type: "button", class: "button quiet" }, "Drop this upload");
  dropIt.addEventListener("click", () =>
    ask(`${batches}/${batch}`, { method: "DELETE" }).catch((problem) => after.append(element("span", { class: "problem" }, ` ${problem.message}`))),
  );
  after.replaceChildren(
    element("span", { class: "problem", role: "alert" }, `Your files can't be put in place yet: ${error} The service keeps trying. `),
    dropIt,
  );
}

/** Follows the run that reads the files of the batch, and no other one. */
async function follow(batch) {
  const start = performance.now();
  while (true) {
    const { state, error, run, replaced } = await askJson(`${batches}/${batch}`);
    if (error && state !== "committing") throw new Error(error);
    if (run?.state === "succeeded") {
      after.replaceChildren(
        `Run ${run.id} read ${counted(run.rows_read, "row", "rows")}. `,
        element("a", { href: pipeline.tab ? `#${pipeline.name}` : "#runs" }, "See the result"),
      );
      return;
    }
    if (run?.state === "failed") {
      after.replaceChildren(element("span", { class: "problem" }, `Run ${run.id} failed: ${run.error} Its results were not published.`));
      return;
    }
    if (run?.state === "running") {
      after.textContent = `Run ${run.id} is reading your files: ${howFar(run)}`;
    } else if (state === "committing") {
      if (error) sayStuck(batch, error);
      else after.textContent = "Your files are being put in place…";
    } else if (replaced.length > 0) {
      after.textContent = `Your upload is complete, but somebody replaced ${replaced.join(" and ")} before a run could read it.`;
      return;
    } else {
      const missing = await missingFiles();
      if (missing.length > 0) {
        after.textContent = `Your upload is complete. Waiting for ${missing.join(" and ")}.`;
        return;
      }
      after.textContent =
        performance.now() - start > PATIENCE_MS
          ? "Your upload is complete. The run has not begun yet; another one may be in progress."
          : "Your upload is complete. Waiting for the run…";
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

async function post(path, body) {
  const options = { method: "POST" };
  if (body) Object.assign(options, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return (await ask(path, options)).json();
}

/** Drops a batch that did not arrive completely, so that it can be sent again. */
function giveUp(batch, problem) {
  ask(`${batches}/${batch}`, { method: "DELETE" }).catch(() => {
    // The service drops it by itself later.
  });
  problem.message += " Nothing was changed. Press Upload to try again.";
  return problem;
}

/** Sends all files as one change. */
async function sendBatch(names) {
  const { batch } = await post(batches, { files: names });
  try {
    for (const name of names) {
      after.textContent = `Sending ${name}…`;
      await put(batch, name, ready.get(name));
    }
  } catch (problem) {
    throw giveUp(batch, problem);
  }
  after.textContent = `Putting ${names.join(" and ")} in place…`;
  try {
    await post(`${batches}/${batch}/commit`);
  } catch (problem) {
    // The commit may have begun nevertheless; then it goes on by itself.
    const { state } = await askJson(`${batches}/${batch}`);
    if (state === "open") throw giveUp(batch, problem);
  }
  return batch;
}

async function sendAll() {
  if (busy) return;
  busy = true;
  choice.allow(false);
  send.disabled = true;
  after.textContent = "";
  try {
    const batch = await sendBatch([...ready.keys()]);
    ready.clear();
    await follow(batch);
  } catch (problem) {
    if (problem.status === 403) askForKey(problem.key ?? "");
    after.replaceChildren(element("span", { class: "problem", role: "alert" }, problem.message));
  } finally {
    busy = false;
    choice.allow(true);
    send.disabled = false;
    send.hidden = ready.size === 0;
  }
}

for (const event of ["dragenter", "dragover"]) {
  drop.addEventListener(event, (dragged) => {
    dragged.preventDefault();
    drop.classList.add("over");
  });
}
for (const event of ["dragleave", "drop"]) {
  drop.addEventListener(event, () => drop.classList.remove("over"));
}
drop.addEventListener("drop", (dropped) => {
  dropped.preventDefault();
  add(dropped.dataTransfer.files);
});
input.addEventListener("change", () => add(input.files));
send.addEventListener("click", sendAll);

/** Says which files the pipeline reads, and forgets those that were chosen for another pipeline. */
async function show() {
  ready.clear();
  chosen.replaceChildren();
  after.replaceChildren();
  send.hidden = true;
  const of = pipeline;
  try {
    const { files } = await askJson(raw);
    if (of !== pipeline) return;
    const tables = new Map(files.filter((one) => one.columns.length > 0).map((one) => [one.pattern ?? one.file, one]));
    wanted.replaceChildren(
      element("strong", {}, `Drop files of ${pipeline.title} here`),
      ", one or more, under any name: the columns show which is which.",
    );
    columns.replaceChildren(
      ...[...tables].map(([name, { columns: needed, optional }]) =>
        element("li", {}, `${name}${optional ? " (optional)" : ""}: ${needed.join(", ")}`),
      ),
    );
  } catch (problem) {
    wanted.replaceChildren(element("span", { class: "problem", role: "alert" }, problem.message));
  }
}

export function build(section, pipelines) {
  choice = chooser("upload", pipelines, (name) => {
    pipeline = pipelines.find((one) => one.name === name);
    raw = `raw/${name}`;
    batches = `${raw}/batches`;
    show();
  });
  section.append(choice.element, view);
  return choice;
}
