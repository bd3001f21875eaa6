// The latest totals as a table.
import { drawRun } from "../lastrun.js";
import { askJson, following, inTurn, repeating, together } from "../service.js";
import { count, element, markup } from "../text.js";

const EVERY_MS = 10000;

const view = markup(`
  <div class="empty" hidden>
    <h2>No totals yet</h2>
    <p>A run begins when readings.csv is there.</p>
  </div>
  <div class="whole" hidden>
    <section class="card" aria-label="Last run"></section>
    <p class="as-of"></p>
    <div class="scroll" tabindex="0" role="region" aria-label="All stations">
      <table>
        <thead><tr><th scope="col">Station</th><th scope="col" class="messages">Readings</th><th scope="col" class="messages">Total</th></tr></thead>
        <tbody></tbody>
      </table>
    </div>
  </div>
`);
const empty = view.querySelector(".empty");
const whole = view.querySelector(".whole");

let shownRun = null;

async function load() {
  const [run] = (await askJson("runs?pipeline=__name__&limit=1")).runs;
  const version = run ? `${run.id} ${run.state}` : "none";
  empty.hidden = run !== undefined;
  whole.hidden = run === undefined;
  if (version === shownRun || !run) return;
  const { as_of, totals } = await askJson("__name__");
  await drawRun(run, whole.querySelector(".card"));
  whole.querySelector(".as-of").textContent = as_of ? `Totals as of ${as_of}` : "No totals yet";
  whole.querySelector("tbody").replaceChildren(
    ...totals.map(({ station, readings, total }) =>
      element(
        "tr",
        {},
        element("td", {}, element("bdi", {}, station)),
        element("td", { class: "messages" }, count(readings)),
        element("td", { class: "messages" }, String(total)),
      ),
    ),
  );
  shownRun = version;
}

const loadInTurn = inTurn(load);

export function build(section) {
  section.append(view);
  return together(
    following(() => loadInTurn().catch(() => {})),
    repeating(EVERY_MS, loadInTurn),
  );
}
