// Tabs with addresses of their own.
import { board } from "./board.js";
import { datamart } from "./datamart.js";
import { orders } from "./orders.js";
import { runs } from "./runs.js";
import { stocks } from "./stocks.js";
import { upload } from "./upload.js";

const views = { leaderboard: board, upload, datamart, stocks, orders, runs };
let current = null;

function show() {
  const wanted = location.hash.slice(1).split("/")[0];
  const name = Object.hasOwn(views, wanted) ? wanted : "leaderboard";
  if (name === current) return;
  if (current) views[current].stop();
  for (const other of Object.keys(views)) {
    document.querySelector(`#view-${other}`).hidden = other !== name;
    const link = document.querySelector(`header a[href="#${other}"]`);
    if (other === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const section = document.querySelector(`#view-${name}`);
  document.title = `${section.querySelector("h1").textContent} · Bucket Brigade`;
  if (current) section.focus({ preventScroll: true });
  current = name;
  views[name].start();
}

addEventListener("hashchange", show);
show();
