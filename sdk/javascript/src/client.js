/** The client. Its methods come from the table of operations; `operations.d.ts` describes them. */
import { read } from "./answer.js";
import { APIError, ConnectionFailed, RevisionFailed, WaitTimedOut, errorOf } from "./errors.js";
import { EventParser } from "./events.js";
import { operations } from "./operations.js";
import { requestOf } from "./request.js";
import { RETRY, pauseBeforeReconnect, waitAfterAnswer, waitAfterFailure } from "./retry.js";

/** The variable in which clients keep their token. */
const tokenVariable = "WIREBUDDY_API_TOKEN";

/** A gateway's API. */
export class Client {
  #baseUrl;
  #token;
  #timeout;
  #retry;
  #fetch;
  #sleep;

  /**
   * Connects to nothing yet.
   *
   * `baseUrl`: where the gateway listens; in a browser the page's own origin by default.
   * `token`: an API or session token; without it that in `WIREBUDDY_API_TOKEN`, in a browser the session's cookie.
   * `timeout`: seconds to wait for the gateway. `retry`: see `RETRY`. `fetch`: another fetch, as one that trusts a CA.
   */
  constructor({
    baseUrl = globalThis.location?.origin ?? "http://127.0.0.1:8080",
    token = globalThis.process?.env?.[tokenVariable],
    timeout = 30,
    retry = RETRY,
    fetch = globalThis.fetch,
    sleep = pause,
  } = {}) {
    const url = new URL(baseUrl);
    if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError(`no http or https URL: ${baseUrl}`);
    this.#baseUrl = url.href.replace(/\/+$/, "").replace(/\/api$/, "");
    this.#token = token || undefined;
    this.#timeout = timeout;
    this.#retry = { ...RETRY, ...retry };
    // Called as a function: a browser's fetch refuses to be a method of anything else.
    this.#fetch = (...given) => fetch(...given);
    this.#sleep = sleep;
  }

  /** Waits until a revision is applied, or the one that took its place, and returns the gateway's record of it. */
  async waitForRevision(revision, { timeout = 60, signal } = {}) {
    const deadline = Date.now() + timeout * 1000;
    for (let wait = 0.1; ; wait = Math.min(wait * 1.5, 2)) {
      const record = (await this.getRevision(revision, { signal })).data;
      if (record.result === "applied") return record;
      if (record.result === "failed") throw new RevisionFailed(revision, record.message, record);
      if (Date.now() + wait * 1000 > deadline) {
        throw new WaitTimedOut(`revision ${revision} is not applied after ${timeout} s`);
      }
      if (record.result === "superseded") revision = (await this.listRevisions({ limit: 1, signal })).data[0].id;
      await this.#sleep(wait, signal);
    }
  }

  /**
   * What happens on the gateway from now on, or after the event `lastEventId`. Goes on after a lost connection, where it
   * was, unless `reconnect` is false; ends with the loop that reads it, or with its signal.
   */
  async *streamEvents({ lastEventId = null, reconnect = true, signal } = {}) {
    const parser = new EventParser(lastEventId);
    for (let failures = 0; ; failures += 1) {
      try {
        for await (const event of this.#stream(parser, signal)) {
          failures = 0;
          yield event;
        }
      } catch (error) {
        const passes = error instanceof APIError ? error.status === 429 || error.status === 503 : isTransport(error);
        if (!reconnect || signal?.aborted || !passes) throw error;
        parser.retry = error.retryAfter ?? parser.retry;
      }
      if (!reconnect) return;
      parser.reconnect();
      await this.#sleep(pauseBeforeReconnect(parser.retry, failures), signal);
    }
  }

  async *#stream(parser, signal) {
    const headers = { Accept: "text/event-stream" };
    if (parser.lastEventId !== null) headers["Last-Event-ID"] = parser.lastEventId;
    const stop = new AbortController();
    const forward = () => stop.abort(signal.reason);
    signal?.addEventListener("abort", forward);
    if (signal?.aborted) forward();
    try {
      const request = { method: "GET", path: "/api/events", query: new URLSearchParams(), headers };
      const response = await this.#once(request, stop.signal);
      if (!response.ok) throw await errorOf(response);
      for await (const chunk of chunks(response.body)) yield* parser.feed(chunk);
    } finally {
      signal?.removeEventListener("abort", forward);
      stop.abort();
    }
  }

  /** Sends a request of the table, again where its policy says so, and reads the answer. */
  async _send(name, operation, given) {
    const request = requestOf(name, operation, given);
    for (let attempt = 0; ; attempt += 1) {
      let wait;
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(new Error("timed out")), (this.#timeout + request.wait) * 1000);
      const forward = () => deadline.abort(request.signal.reason);
      request.signal?.addEventListener("abort", forward);
      if (request.signal?.aborted) forward();
      try {
        const response = await this.#once(request, deadline.signal);
        if (response.ok) return await read(response, operation);
        wait = waitAfterAnswer(this.#retry, request, attempt, response);
        const error = await errorOf(response);
        if (wait === null) throw error;
      } catch (error) {
        if (request.signal?.aborted || error instanceof APIError) throw error;
        wait = waitAfterFailure(this.#retry, request, attempt);
        if (wait === null) {
          throw new ConnectionFailed(`${request.method} ${request.path}: ${error.cause?.message ?? error.message}`, {
            cause: error,
          });
        }
      } finally {
        clearTimeout(timer);
        request.signal?.removeEventListener("abort", forward);
      }
      await this.#sleep(wait, request.signal);
    }
  }

  #once({ method, path, query, headers, body }, signal) {
    const suffix = query.size === 0 || `${query}` === "" ? "" : `?${query}`;
    const credentials = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    return this.#fetch(this.#baseUrl + path + suffix, {
      method,
      headers: { Accept: "application/json, */*;q=0.5", ...credentials, ...headers },
      body,
      signal,
      // A token goes nowhere but to the gateway.
      redirect: "error",
    });
  }
}

for (const [name, operation] of Object.entries(operations)) {
  Object.defineProperty(Client.prototype, name, {
    value: { [name](...given) { return this._send(name, operation, given); } }[name],
    writable: true,
    configurable: true,
  });
  if (operation.iterator) {
    Object.defineProperty(Client.prototype, operation.iterator, {
      value: { [operation.iterator](...given) { return rowsOf(this, name, operation, given); } }[operation.iterator],
      writable: true,
      configurable: true,
    });
  }
}

/** All rows of a list, page by page. */
async function* rowsOf(client, name, operation, given) {
  const values = given.slice(0, operation.parameters.length);
  const options = { limit: 100, ...given[operation.parameters.length] };
  let offset = options.offset ?? 0;
  for (;;) {
    const page = await client[name](...values, { ...options, offset });
    yield* page.data;
    offset += page.data.length;
    if (page.data.length === 0 || offset >= page.total) return;
  }
}

/** The chunks of a body; not every browser iterates over streams. */
async function* chunks(body) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Whether an error is one of the connection: fetch throws a TypeError for every one. */
function isTransport(error) {
  return error instanceof TypeError || error.name === "AbortError" || error.code !== undefined;
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
