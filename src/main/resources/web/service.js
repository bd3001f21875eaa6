// Talks to the service, and says in one place when it does not answer.
const offline = document.querySelector("#offline");
const GONE = "The service does not answer. This page may show old data; it recovers by itself.";
const keyField = document.querySelector("#key-field");
const key = document.querySelector("#key");

// For the session only: a closed window forgets the key.
const REMEMBERED = "key";
key.value = sessionStorage.getItem(REMEMBERED) ?? "";
key.addEventListener("change", () => sessionStorage.setItem(REMEMBERED, key.value));

/** The key as a header, if there is one. */
export function authorization() {
  return key.value ? { Authorization: `Bearer ${key.value}` } : {};
}

/** Asks for the key if the service wants one. A refused key is forgotten, or it would be sent again and again. */
export function askForKey(refused) {
  keyField.hidden = false;
  if (key.value !== refused) return;
  key.value = "";
  sessionStorage.removeItem(REMEMBERED);
}

function sayOffline(words) {
  offline.textContent = words;
  offline.hidden = words === "";
}

/** Fetches; a failure has the service's own words. */
export async function ask(path, options = {}) {
  const sent = key.value;
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options, headers: { ...authorization(), ...options.headers } });
  } catch (failed) {
    if (failed.name !== "AbortError") sayOffline(GONE);
    throw new Error("The service does not answer.");
  }
  sayOffline("");
  if (!answer.ok && answer.status !== 304) {
    if (answer.status === 403) askForKey(sent);
    const problem = await answer.json().catch(() => ({}));
    const error = new Error(problem.detail ?? `The service answered with status ${answer.status}.`);
    error.status = answer.status;
    throw error;
  }
  return answer;
}

export async function askJson(path) {
  return (await ask(path)).json();
}

/** Repeats a task while its view is shown. */
export function repeating(everyMs, task) {
  let timer = null;
  let shown = false;
  async function round() {
    try {
      await task();
    } catch {
      // The task has said it; the next round tries again.
    }
    clearTimeout(timer);
    if (shown) timer = setTimeout(round, everyMs);
  }
  key.addEventListener("change", () => {
    if (shown) round();
  });
  return {
    start() {
      if (!shown) {
        shown = true;
        round();
      }
    },
    stop() {
      shown = false;
      clearTimeout(timer);
    },
  };
}

const AGAIN_MS = 2000;
const listeners = new Set();
let connection = null;
let state = null;

function receive(event) {
  const name = /^event: (.*)$/m.exec(event)?.[1];
  if (!name) return;
  const data = JSON.parse(/^data: (.*)$/m.exec(event)[1]);
  sayOffline(name === "problem" ? data.detail : "");
  if (name !== "state") return;
  state = data;
  listeners.forEach((listener) => listener(state));
}

/** Reads server-sent events, without EventSource because that can't send a key. */
async function read(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const events = (text + piece.value).split("\n\n");
    text = events.pop();
    events.forEach(receive);
  }
}

async function listen() {
  clearTimeout(listen.again);
  connection?.abort();
  // A browser has few connections to a service; hidden windows need none.
  if (document.hidden) return;
  const opened = new AbortController();
  connection = opened;
  try {
    await read(await ask("events", { signal: opened.signal }));
    if (connection === opened) sayOffline(GONE);
  } catch (failed) {
    if (connection === opened && failed.status === undefined) sayOffline(GONE);
  }
  if (connection === opened) listen.again = setTimeout(listen, AGAIN_MS);
}

document.addEventListener("visibilitychange", listen);
key.addEventListener("change", listen);
listen();

/** Calls back with the current state, at once and whenever it changes, while a view is shown. */
export function following(listener) {
  return {
    start() {
      listeners.add(listener);
      if (state) listener(state);
    },
    stop() {
      listeners.delete(listener);
    },
  };
}

/** Makes the calls of a task run one after the other, so that a late answer can't replace a newer one. A call that waits for its turn serves all that come meanwhile. */
export function inTurn(task) {
  let last = Promise.resolve();
  let waiting = null;
  function begin() {
    waiting = null;
    return task();
  }
  return () => {
    waiting ??= last = last.then(begin, begin);
    return waiting;
  };
}

/** Starts and stops several parts of a view together. */
export function together(...parts) {
  return {
    start: () => parts.forEach((part) => part.start()),
    stop: () => parts.forEach((part) => part.stop()),
  };
}
