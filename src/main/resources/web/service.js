// Talks to the service; says in one place when it does not answer.
const offline = document.querySelector("#offline");

/** Fetches; tells a failure in the service's own words. */
export async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch {
    offline.hidden = false;
    throw new Error("The service does not answer.");
  }
  offline.hidden = true;
  if (!answer.ok && answer.status !== 304) {
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
