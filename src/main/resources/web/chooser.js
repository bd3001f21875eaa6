// A choice of the pipeline whose files are shown, for Upload and Datamart, with an address such as #upload/NAME.
import { element } from "./text.js";

let chosen = null;

/**
 * A choice among the pipelines that have files; hidden if there is only one.
 *
 * @param view the name of the view that contains it
 * @param pipelines as GET /pipelines lists them
 * @param changed called with the pipeline's name when the view starts and whenever another pipeline is chosen
 */
export function chooser(view, pipelines, changed) {
  const known = pipelines.filter(({ files }) => files);
  const select = element("select", {}, ...known.map(({ name, title }) => element("option", { value: name }, title)));
  let announced = null;
  function choose(name) {
    if (select.disabled) return;
    chosen = known.some((one) => one.name === name) ? name : known[0].name;
    select.value = chosen;
    if (announced === chosen) return;
    announced = chosen;
    changed(chosen);
  }
  function readAddress() {
    const [place, name] = location.hash.slice(1).split("/");
    if (place === view) choose(name ?? chosen);
  }
  select.addEventListener("change", () => {
    history.replaceState(null, "", `#${view}/${select.value}`);
    choose(select.value);
  });
  addEventListener("hashchange", readAddress);
  return {
    /** Sets whether another pipeline may be chosen now. */
    allow(allowed) {
      select.disabled = !allowed;
    },
    element: element("p", { class: "tools", hidden: known.length < 2 }, element("label", {}, "Pipeline ", select)),
    start: readAddress,
    stop() {},
  };
}
