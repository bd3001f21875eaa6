// Talks to the service; says in one place when it does not answer.
const offline = document.querySelector("#offline");
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

/** Fetches; tells a failure in the service's own words. */
export async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options, headers: { ...authorization(), ...options.headers } });
  } catch {
    offline.hidden = false;
    throw new Error("The service does not answer.");
  }
  offline.hidden = true;
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
