// Follows the board: asks again with the ETag, and redraws only when there is a new one.
const EVERY_MS = 2000;
const ROWS = 200;

const table = document.querySelector("table");
const body = document.querySelector("tbody");
const notice = document.querySelector("#notice");
const made = document.querySelector("#made");
const more = document.querySelector("#more");

let entityTag = null;
let shown = ROWS;

function cell(row, text, className) {
  const td = row.insertCell();
  td.textContent = text;
  if (className) td.className = className;
  return td;
}

function draw(board) {
  const rows = board.slice(0, shown);
  const most = rows.length > 0 ? rows[0].messages : 0;
  body.replaceChildren();
  rows.forEach((standing, at) => {
    const row = body.insertRow();
    cell(row, at + 1, "rank");
    cell(row, standing.name || "unknown", standing.name ? "" : "unknown");
    cell(row, standing.user_id, "id");
    const count = cell(row, "", "messages");
    const meter = document.createElement("meter");
    meter.max = most;
    meter.value = standing.messages;
    meter.setAttribute("aria-hidden", "true");
    count.append(meter, " ", standing.messages.toLocaleString());
  });
  table.hidden = rows.length === 0;
  notice.hidden = rows.length > 0;
  notice.textContent =
    "No ranking yet. Put messages.csv and users.csv into the raw folder, and it appears here by itself.";
  more.hidden = board.length <= shown;
}

async function followBoard() {
  try {
    const headers = entityTag ? { "If-None-Match": entityTag } : {};
    const answer = await fetch(`leaderboard?limit=${shown + 1}`, { headers, cache: "no-store" });
    if (answer.status === 200) {
      entityTag = answer.headers.get("ETag");
      draw((await answer.json()).leaderboard);
      made.textContent = entityTag === '"0"' ? "Waiting for the first run" : `From run ${entityTag.replaceAll('"', "")}`;
    } else if (answer.status !== 304) {
      made.textContent = (await answer.json()).detail;
      entityTag = null;
    }
  } catch {
    made.textContent = "The service does not answer. The board below may be old; it goes on by itself.";
    entityTag = null;
  }
  setTimeout(followBoard, EVERY_MS);
}

more.addEventListener("click", () => {
  shown += 1000;
  entityTag = null;
});

followBoard();
