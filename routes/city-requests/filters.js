// What cases are chosen by: kept in the address, so that it can be shared and the back button works, and shown as a row of lists to choose from.
import { count, element } from "../text.js";

const VIEW = "city-requests";
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
/** Lists that are longer get a field that narrows them. */
const LONG = 12;
const TITLES = { year: "Year", month: "Month", department: "Department", neighborhood: "Neighborhood", type: "Type", source: "Source", status: "Status" };

export function label(filter, value) {
  if (filter === "month") return MONTHS[value - 1] ?? value;
  return value === "" ? "(none)" : value;
}

function inAddress() {
  const [view, ...rest] = location.hash.slice(1).split("/");
  return view === VIEW ? rest.join("/") : null;
}

/** What is chosen, as parameters of the calls; null while another tab is shown. */
export function chosen() {
  const text = inAddress();
  if (text === null) return null;
  const known = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in TITLES) known.append(name, value);
  }
  return known;
}

function go(parameters) {
  location.hash = parameters.size === 0 ? VIEW : `${VIEW}/${parameters}`;
}

/** Chooses these values of filters, in the place of what these filters were before; chosen again, they are taken back. */
export function toggle(wanted) {
  const next = chosen();
  const isChosen = Object.entries(wanted).every(([filter, value]) => next.getAll(filter).join() === String(value));
  for (const [filter, value] of Object.entries(wanted)) {
    next.delete(filter);
    if (!isChosen) next.append(filter, value);
  }
  go(next);
}

function change(filter, value, isOn) {
  const next = chosen();
  next.delete(filter, value);
  if (isOn) next.append(filter, value);
  go(next);
}

function option(filter, { value, cases }) {
  const box = element("input", { type: "checkbox", value });
  box.addEventListener("change", () => change(filter, value, box.checked));
  return element("label", {}, box, element("span", {}, label(filter, value)), element("small", { class: "faint" }, count(cases)));
}

function list(filter, values) {
  const options = element("div", { class: "options" }, ...values.map((value) => option(filter, value)));
  const parts = [options];
  if (values.length > LONG) {
    const narrow = element("input", { type: "search", placeholder: "Narrow the list", "aria-label": `Narrow the list of ${TITLES[filter]}` });
    narrow.addEventListener("input", () => {
      for (const one of options.children) one.hidden = !one.textContent.toLowerCase().includes(narrow.value.toLowerCase());
    });
    parts.unshift(narrow);
  }
  const details = element("details", { class: "filter", "data-filter": filter }, element("summary", {}), element("fieldset", {}, element("legend", { class: "unseen" }, TITLES[filter]), ...parts));
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    for (const other of details.parentElement.querySelectorAll("details[open]")) if (other !== details) other.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  return details;
}

function chip(filter, value) {
  const button = element("button", { type: "button", class: "chip", "aria-label": `Remove ${TITLES[filter]} ${label(filter, value)}` }, `${TITLES[filter]}: ${label(filter, value)}`, element("span", { "aria-hidden": "true" }, " ×"));
  button.addEventListener("click", () => change(filter, value, false));
  return button;
}

/** The row of lists, and what is chosen below it. */
export function filterBar() {
  const lists = element("div", { class: "filters", role: "group", "aria-label": "Filters" });
  const chips = element("div", { class: "chips" });
  document.addEventListener("click", (event) => {
    for (const open of lists.querySelectorAll("details[open]")) if (!open.contains(event.target)) open.open = false;
  });
  return {
    elements: [lists, chips],
    /** Shows what can be chosen. */
    offer(values) {
      const open = lists.querySelector("details[open]")?.dataset.filter;
      lists.replaceChildren(...Object.keys(TITLES).map((filter) => list(filter, values.filter((one) => one.filter === filter))));
      if (open) lists.querySelector(`[data-filter=${open}]`).open = true;
    },
    /** Shows what is chosen. */
    show(parameters) {
      for (const details of lists.children) {
        const values = parameters.getAll(details.dataset.filter);
        const summary = details.querySelector("summary");
        summary.replaceChildren(TITLES[details.dataset.filter], ...(values.length === 0 ? [] : [" ", element("b", { class: "badge" }, count(values.length))]));
        for (const box of details.querySelectorAll("[type=checkbox]")) box.checked = values.includes(box.value);
      }
      const clear = element("button", { type: "button", class: "chip clear" }, "Clear all");
      clear.addEventListener("click", () => go(new URLSearchParams()));
      const all = [...parameters].map(([filter, value]) => chip(filter, value));
      chips.replaceChildren(...all, ...(all.length === 0 ? [] : [clear]));
    },
  };
}
