// The rejected rows of a stream, the latest first: why each can't be used, and buttons that correct, try again and dismiss them.
import { ask, askJson, inTurn } from "./service.js";
import { count, counted, element, time } from "./text.js";

/** The stage of rows that were never stored. All other stages are readers. */
const INTAKE = "intake";
const ROWS_OF_AN_ANSWER = 100;

function words(problem) {
  return problem.status === 403 ? `${problem.message} You can enter it at the top of this page.` : problem.message;
}

function button(text, click, attributes = {}) {
  const made = element("button", { type: "button", class: "button quiet", ...attributes }, text);
  made.addEventListener("click", click);
  return made;
}

/**
 * A card with the rejected rows of a pipeline's stream, which are asked for when it is opened.
 * `readers` names what each reader fills, such as "the archive". show(number) has to be called with the number of rejected rows whenever it is known.
 */
export function rejectedRows(pipeline, readers) {
  const path = `streams/${pipeline}/rejected`;
  const heading = element("summary", {}, element("h2", {}, "Rejected rows"));
  const said = element("p", { class: "said", role: "status" });
  const list = element("ol", { "aria-label": "Rejected rows, latest first" });
  const older = button("Show older rows", showOlder, { hidden: true });
  const dismissAll = button("Dismiss all of these", askBeforeDismissing);
  const tools = element("p", { class: "tools" }, button("Refresh", startRefresh), dismissAll);
  const question = element("div", { class: "card wrong", role: "group", "aria-label": "Dismiss all?", hidden: true });
  const details = element(
    "details",
    { class: "card rejected-rows", hidden: true },
    heading,
    element("p", { class: "faint" }, "Each row was kept as it was sent; a character that was none is shown as �. Correct it, and it is stored; dismiss it, and it is forgotten."),
    said,
    tools,
    question,
    list,
    older,
  );

  let rows = [];
  /** An editor that is open keeps its text when the list is drawn again. */
  let edited = new Map();
  let mayBeMore = false;
  let loaded = false;
  let busy = false;
  let refreshing = Promise.resolve();
  let known = 0;

  /** One change at a time; a second click on the same button must not be a second call. A refresh is waited for, because a click while it is under way is a first one. */
  async function change(task, tell) {
    if (busy) return;
    busy = true;
    try {
      await refreshing;
      await task();
    } catch (problem) {
      tell(words(problem), true);
    } finally {
      busy = false;
    }
  }

  function tell(text, isProblem = false) {
    said.textContent = text;
    said.classList.toggle("problem", isProblem);
  }

  function drawTools() {
    dismissAll.hidden = rows.length === 0;
    older.hidden = rows.length === 0 || !mayBeMore;
    question.hidden = true;
  }

  function add(answer) {
    const more = answer.map((row) => edited.get(row.id) ?? drawRow(row));
    rows.push(...more);
    list.append(...more.map(({ item }) => item));
    mayBeMore = answer.length === ROWS_OF_AN_ANSWER;
    drawTools();
    return more;
  }

  const load = inTurn(async () => {
    const answer = await askJson(path);
    loaded = true;
    edited = new Map(rows.filter(({ form }) => !form.hidden).map((row) => [row.id, row]));
    rows = [];
    list.replaceChildren();
    add(answer);
  });

  async function refresh(news = "") {
    try {
      await load();
      tell(news || (rows.length === 0 ? "There are no rejected rows." : ""));
    } catch (problem) {
      tell(words(problem), true);
    }
  }

  function startRefresh() {
    if (!busy) refreshing = refresh();
  }

  function showOlder() {
    change(async () => {
      const last = rows.at(-1);
      const answer = await askJson(`${path}?before=${last.id}`);
      if (rows.at(-1) === last) (add(answer)[0]?.first ?? heading).focus();
    }, tell);
  }

  /** Takes a row that is no longer rejected from the list, and puts the focus on its neighbour. */
  function remove(row, news) {
    const at = rows.findIndex(({ id }) => id === row.id);
    if (at < 0) return tell(news);
    rows.splice(at, 1)[0].item.remove();
    if (rows.length === 0 && mayBeMore) refresh(news);
    drawTools();
    tell(news);
    ((rows[at] ?? rows[at - 1])?.first ?? heading).focus();
  }

  async function replay(row, options, tellRow) {
    const answer = await (await ask(`${path}/${row.id}`, { method: "POST", ...options })).json();
    if (answer.replayed > 0) remove(row, `Row ${row.id} is no longer rejected: it is stored.`);
    else tellRow(`Still rejected: ${answer.rows[0].reason}`, true);
  }

  function drawRow({ id, stage, reason, row: sent, rejected_at: at }) {
    const place = stage === INTAKE ? null : (readers[stage] ?? `the tables of the reader ${stage}`);
    const answer = element("p", { class: "said", role: "status" });
    const row = { id };
    function tellRow(text, isProblem = false) {
      answer.textContent = text;
      answer.classList.toggle("problem", isProblem);
    }
    const text = element("textarea", { id: `correct-${id}`, rows: "5", spellcheck: "false", required: true });
    const form = element(
      "form",
      { hidden: true },
      element("label", { for: text.id }, `Row ${id}, corrected, as a JSON object`),
      text,
      element("p", { class: "tools" }, element("button", { class: "button" }, "Store the corrected row"), button("Cancel", () => edit(false))),
    );
    row.form = form;
    function edit(open) {
      form.hidden = !open;
      row.first.setAttribute("aria-expanded", open);
      if (open) text.value = sent;
      tellRow("");
      (open ? text : row.first).focus();
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const options = { headers: { "Content-Type": "application/json" }, body: text.value };
      change(() => replay(row, options, tellRow), tellRow);
    });
    row.first =
      place === null
        ? button("Correct", () => edit(form.hidden), { "aria-label": `Correct row ${id}`, "aria-expanded": "false" })
        : button("Try again", () => change(() => replay(row, {}, tellRow), tellRow), { "aria-label": `Try again row ${id}` });
    const dismiss = button(
      "Dismiss",
      () =>
        change(async () => {
          await ask(`${path}/${id}`, { method: "DELETE" });
          remove(row, `Row ${id} is dismissed.`);
        }, tellRow),
      { "aria-label": `Dismiss row ${id}` },
    );
    row.item = element(
      "li",
      { "data-id": String(id) },
      element("h3", {}, `Row ${id} `, element("span", { class: "faint" }, `${place === null ? "rejected on arrival" : `missing from ${place}`} · ${time(at)}`)),
      element("p", {}, element("bdi", {}, reason)),
      place === null
        ? null
        : element("p", {}, `The row is in the log, but could not be brought into ${place}. It can't be corrected. Remove the cause, then try again. If you dismiss it, it stays missing there.`),
      element("pre", {}, element("bdi", {}, sent)),
      element("p", { class: "tools" }, row.first, dismiss),
      form,
      answer,
    );
    return row;
  }

  /** One by one: of the ids between them, some may be of rows that are not shown. */
  async function dismissShown() {
    let dismissed = 0;
    for (const { id } of [...rows]) {
      try {
        await ask(`${path}/${id}`, { method: "DELETE" });
        dismissed += 1;
      } catch (problem) {
        if (problem.status !== 404) throw problem;
      }
    }
    await refresh(`${counted(dismissed, "row is", "rows are")} dismissed.`);
  }

  function askBeforeDismissing() {
    const all = rows.length === 1 ? "Dismiss the row that is shown" : `Dismiss the ${count(rows.length)} rows that are shown`;
    const keep = button("Keep them", () => {
      question.hidden = true;
      dismissAll.focus();
    });
    const go = button(
      "Dismiss them",
      () =>
        change(async () => {
          await dismissShown();
          heading.focus();
        }, tell),
      { class: "button" },
    );
    question.replaceChildren(
      element("p", {}, `${all}? They are forgotten, and can't be restored. Rows that could not be brought into a table stay missing there.`),
      element("p", { class: "tools" }, keep, go),
    );
    question.hidden = false;
    keep.focus();
  }

  details.addEventListener("toggle", () => {
    if (details.open) refresh();
  });
  document.querySelector("#key").addEventListener("change", () => {
    if (details.open && !loaded) refresh();
  });

  return {
    element: details,
    show(number) {
      details.hidden = number === 0 && !details.open;
      if (details.open && loaded && number > known && rows.length === 0) refresh();
      known = number;
    },
  };
}
