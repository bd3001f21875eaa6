// Talks to the service; says in one place when it does not answer.
const offline = document.querySelector("#offline");
const GONE = "The service does not answer. What stands here may be old; it goes on by itself.";
const keyField = document.querySelector("#key-field");
const key = document.querySelector("#key");

/** The key, if somebody gave one, as a header. */
export function authorization() {
  return key.value ? { Authorization: `Bearer ${key.value}` } : {};
}

/** Asks for the key where the service wants one. */
export function askForKey() {
  keyField.hidden = false;
}

function sayOffline(words) {
  offline.textContent = words;
  offline.hidden = words === "";
}

/** Fetches; tells a failure in the service's own words. */
export async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options, headers: { ...authorization(), ...options.headers } });
  } catch {
    sayOffline(GONE);
    throw new Error("The service does not answer.");
  }
  sayOffline("");
  if (!answer.ok && answer.status !== 304) {
    if (answer.status === 403) askForKey();
    const problem = await answer.json().catch(() => ({}));
    const error = new Error(problem.detail ?? `The service answered ${answer.status}.`);
    error.status = answer.status;
    throw error;
  }
  return answer;
}

export async function askJson(path) {
  return (await ask(path)).json();
}

/** Runs something again and again, from when its view is shown until another is. */
export function repeating(everyMs, task) {
  let timer = null;
  let shown = false;
  async function round() {
    try {
      await task();
    } catch {
      // Said by who asked; the next round tries again.
    }
    if (shown) timer = setTimeout(round, everyMs);
  }
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
let events = null;
let state = null;

function listen() {
  clearTimeout(listen.again);
  events?.close();
  events = null;
  // A browser has few connections to a service; windows that nobody sees need none.
  if (document.hidden) return;
  const opened = new EventSource("events");
  events = opened;
  opened.addEventListener("open", () => sayOffline(""));
  opened.addEventListener("error", () => {
    if (events !== opened) return;
    sayOffline(GONE);
    opened.close();
    listen.again = setTimeout(listen, AGAIN_MS);
  });
  opened.addEventListener("problem", ({ data }) => sayOffline(JSON.parse(data).detail));
  opened.addEventListener("state", ({ data }) => {
    sayOffline("");
    state = JSON.parse(data);
    listeners.forEach((listener) => listener(state));
  });
}

document.addEventListener("visibilitychange", listen);
listen();

/** Calls back with how things stand, at once and whenever that changes, from when a view is shown until another is. */
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

/** Does the same for several parts of a view. */
export function together(...parts) {
  return {
    start: () => parts.forEach((part) => part.start()),
    stop: () => parts.forEach((part) => part.stop()),
  };
}
