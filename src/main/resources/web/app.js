// Tabs, each with its own address: first those of the pipelines, in their order, then those that cover all pipelines.
//
// A view is a module. A pipeline's view is routes/<name>/page.js, served as page/<name>/page.js; a page.css beside it is loaded too.
// It exports build(section, pipelines), which puts its elements into its section once, below the heading, and returns an object with
// start() and stop(), which are called when the section is shown and when it is hidden. All views may use the modules beside this
// one: service.js talks to the service, text.js and drawing.js make elements, lastrun.js shows a pipeline's last run or says
// as of which run a tab is, and fetches.js shows what it fetches.
import { askJson, repeating } from "./service.js";
import { element } from "./text.js";

const RETRY_MS = 2000;
const nav = document.querySelector("header nav");
const main = document.querySelector("main");

let views = [];
let current = null;

function makeView(name, title, module, style) {
  const heading = element("h1", { id: `title-${name}` }, title);
  const section = element(
    "section",
    { id: `view-${name}`, "aria-labelledby": `title-${name}`, tabindex: "-1", hidden: true },
    element("div", { class: "heading" }, heading),
  );
  return { name, title, module, style, section, link: element("a", { href: `#${name}` }, title), built: null };
}

/** Loads a view's module and style, and lets it make its elements. */
async function build(view, pipelines) {
  try {
    const module = await import(view.module);
    if (view.style) await loaded(element("link", { rel: "stylesheet", href: view.style }));
    return module.build(view.section, pipelines);
  } catch (failed) {
    console.error(failed);
    view.built = null;
    view.section.querySelector(".problem")?.remove();
    view.section.append(element("p", { class: "problem", role: "alert" }, `This tab could not be loaded: ${failed.message}`));
    return { start() {}, stop() {} };
  }
}

function loaded(link) {
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}

async function show(pipelines) {
  const wanted = location.hash.slice(1).split("/")[0];
  const view = views.find(({ name }) => name === wanted) ?? views[0];
  if (view === current) return;
  const before = current;
  current = view;
  document.title = `${view.title} · Bucket Brigade`;
  for (const { section, link, name } of views) {
    section.hidden = name !== view.name;
    if (name === view.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (before) {
    view.section.focus({ preventScroll: true });
    (await before.built)?.stop();
  }
  view.built ??= build(view, pipelines);
  const built = await view.built;
  if (current === view) built.start();
}

const beginning = repeating(RETRY_MS, async () => {
  const { pipelines } = await askJson("pipelines");
  beginning.stop();
  if (views.length > 0) return;
  const own = pipelines.filter(({ tab }) => tab);
  const shared = pipelines.some(({ files }) => files) ? ["Upload", "Datamart", "Runs"] : ["Runs"];
  views = [
    ...own.map(({ name, title, style }) => makeView(name, title, `./${name}/page.js`, style && `page/${name}/page.css`)),
    ...shared.map((title) => makeView(title.toLowerCase(), title, `./${title.toLowerCase()}.js`, null)),
  ];
  nav.replaceChildren(...views.map(({ link }) => link));
  main.append(...views.map(({ section }) => section));
  addEventListener("hashchange", () => show(pipelines));
  show(pipelines);
});

beginning.start();
