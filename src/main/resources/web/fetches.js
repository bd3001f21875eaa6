// What a pipeline fetches from elsewhere: a button that begins it, and a line for each source, which follows it only while something is fetched.
import { ask, askJson, repeating } from "./service.js";
import { count, counted, element, size } from "./text.js";

// How far a source is, is noted once a second.
const EVERY_MS = 1000;
const WORDS = { fetching: "is being fetched", fetched: "fetched", unchanged: "has not changed", failed: "failed", interrupted: "was interrupted; fetch again to go on" };

function line(source) {
  const isFetching = source.state === "fetching";
  const share = isFetching && source.total ? element("progress", { value: source.bytes, max: source.total, "aria-label": `${source.name}: how much has arrived` }) : null;
  const bytes = isFetching || source.bytes > 0 ? `${size(source.bytes)}${source.total ? ` of ${size(source.total)}` : ""}` : null;
  const rate = source.rate > 0 ? `${size(source.rate)}/s` : null;
  const facts = [WORDS[source.state] ?? source.state, bytes, rate].filter((fact) => fact !== null);
  return element(
    "li",
    { "data-source": source.name, "data-state": source.state },
    element("b", {}, source.name),
    ` ${facts.join(" · ")}`,
    share,
    source.error ? element("p", { class: "problem" }, source.error) : null,
  );
}

function outcome(sources) {
  const failed = sources.filter(({ state }) => state !== "fetched" && state !== "unchanged").length;
  return failed === 0 ? `${counted(sources.length, "file is", "files are")} up to date.` : `${count(failed)} of ${counted(sources.length, "file", "files")} could not be fetched.`;
}

/** A view's part: its element, and start() and stop(), which the view calls in its own. `label` is what the button says. */
export function fetches(pipeline, label) {
  const path = `pipelines/${pipeline}/fetch`;
  const button = element("button", { type: "button", class: "button" }, label);
  const said = element("p", { class: "faint", role: "status" });
  const problem = element("p", { class: "problem", role: "alert", hidden: true });
  const list = element("ul", { class: "fetches" });
  let drawn = "";
  let shown = false;

  function showProblem(words) {
    problem.textContent = words;
    problem.hidden = words === "";
  }

  function showProgress(words) {
    if (said.textContent !== words) said.textContent = words;
  }

  function draw(state) {
    const isFetching = state.running || state.sources.some((source) => source.state === "fetching");
    const content = JSON.stringify(state);
    if (content !== drawn) list.replaceChildren(...state.sources.map(line));
    drawn = content;
    showProblem(state.error ?? "");
    button.disabled = isFetching;
    if (isFetching) showProgress("Fetching …");
    else if (state.sources.length > 0) showProgress(outcome(state.sources));
    if (isFetching && shown) following.start();
    else following.stop();
  }

  async function show(asking) {
    try {
      draw(await asking());
    } catch (failed) {
      showProblem(failed.message);
      throw failed;
    }
  }

  const following = repeating(EVERY_MS, () => show(() => askJson(path)));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await show(async () => (await ask(path, { method: "POST" })).json());
    } catch {
      // Shown; what is wrong may be the key.
      button.disabled = false;
    }
  });

  return {
    element: element("div", { class: "fetching" }, button, said, problem, list),
    start() {
      shown = true;
      following.start();
    },
    stop() {
      shown = false;
      following.stop();
    },
  };
}
