// The quality rules: verdict, what was measured and expected, the trend over runs, and rows that break them.
import { extent, line, svg } from "../drawing.js";
import { askJson } from "../service.js";
import { count, counted, element, time } from "../text.js";

const WIDTH = 120;
const HEIGHT = 24;
const SHOWN_FIRST = ["_source_file", "_source_line"];

function figure(value) {
  return value == null ? "nothing" : Number(value).toLocaleString(undefined, { maximumFractionDigits: 6, roundingMode: "trunc" });
}

function verdict(rule) {
  if (rule.passed) return ["kept", "succeeded"];
  return rule.severity === "warn" ? ["broken, a warning", "skipped"] : ["broken, not published", "failed"];
}

function sparkline(trend) {
  const values = trend.map(({ measured }) => measured);
  const known = values.filter((value) => value != null);
  if (known.length < 2) return element("span", {}, "(no trend yet)");
  const [least, most] = extent(known);
  const words = `${counted(trend.length, "run", "runs")}, from ${figure(known[0])} to ${figure(known.at(-1))}, least ${figure(least)}, most ${figure(most)}`;
  return svg(
    "svg",
    { viewBox: `-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": words },
    svg("title", {}, words),
    svg("polyline", { points: line(values, WIDTH, HEIGHT, least, most), fill: "none", stroke: "currentColor" }),
  );
}

function samples(rule) {
  if (rule.samples.length === 0) return null;
  const isShown = (column) => rule.rule.includes(`"${column}"`) || rule.samples.some((row) => row[column] != null);
  const columns = [...new Set([...SHOWN_FIRST, ...rule.samples.flatMap(Object.keys)])].filter(isShown);
  return element(
    "details",
    {},
    element("summary", {}, `${counted(rule.samples.length, "row that breaks it", "rows that break it")}`),
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": `Rows that break ${rule.rule}` },
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
        element("tbody", {}, ...rule.samples.map((row) => element("tr", {}, ...columns.map((column) => element("td", {}, row[column] == null ? "" : String(row[column])))))),
      ),
    ),
  );
}

function item(rule) {
  const [words, state] = verdict(rule);
  return element(
    "li",
    {},
    element("p", {}, element("code", {}, rule.rule), " ", element("span", { class: `state state-${state}` }, words)),
    element("p", { class: "faint" }, `${rule.table}, ${rule.severity}: measured ${figure(rule.measured)}, expected ${rule.expected} `, sparkline(rule.trend)),
    samples(rule),
  );
}

function list(rules) {
  return element("ul", {}, ...rules.map(item));
}

/** Asks for the verdicts and draws them into an element. */
export async function drawQuality(into) {
  const { run, rules } = await askJson("city-requests/quality");
  const heading = element("h2", {}, "Quality rules");
  if (run == null) {
    into.replaceChildren(heading, element("p", { class: "faint" }, "No run has evaluated rules yet."));
    return;
  }
  const broken = rules.filter(({ passed }) => !passed).sort((one, other) => one.severity.localeCompare(other.severity));
  const kept = rules.filter(({ passed }) => passed);
  const summary = broken.length === 0 ? `All ${counted(rules.length, "rule is", "rules are")} kept` : `${counted(broken.length, "rule", "rules")} of ${count(rules.length)} broken`;
  const parts = [
    heading,
    element("p", {}, `${summary}, run ${run.run_id} of ${time(run.finished_at)}.`),
    run.error ? element("p", { class: "problem" }, run.error) : null,
    broken.length === 0 ? null : list(broken),
    kept.length === 0 ? null : element("details", {}, element("summary", {}, `${counted(kept.length, "rule that is", "rules that are")} kept`), list(kept)),
  ];
  into.replaceChildren(...parts.filter((part) => part !== null));
}
