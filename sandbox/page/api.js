// Talking to the sandbox's server.

// A Problem is an error to be shown as it is.
export class Problem extends Error {}

async function call(path, user, options = {}) {
  const url = new URL(path, location.href);
  if (user) url.searchParams.set("user", user);
  let response;
  try {
    response = await fetch(url, options);
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new Problem("The sandbox does not answer. Is it still running?", { cause });
  }
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(reply.error || `The sandbox answered ${response.status}.`);
  return reply;
}

export const get = (path, user) => call(path, user);

export const post = (path, user, body, signal) =>
  call(path, user, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });

// listen streams events until the returned function is called. opened runs at
// every connection, also after one was lost: what was missed must be read anew.
export function listen(user, opened, happened, lost) {
  const source = new EventSource("app/events?user=" + encodeURIComponent(user));
  source.onopen = opened;
  source.onmessage = (event) => happened(JSON.parse(event.data));
  source.onerror = lost;
  return () => source.close();
}
