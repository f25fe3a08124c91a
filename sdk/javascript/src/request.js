/** A request as a value, from a row of the table of operations and what was given to the method. */

const headerOptions = { ifMatch: "If-Match", idempotencyKey: "Idempotency-Key" };

/**
 * The request of an operation.
 *
 * Arguments are the values of the path, then the body where the operation takes one, then the options. A typo in an
 * option is a TypeError, not a request that does something else.
 */
export function requestOf(name, operation, given) {
  const values = operation.parameters.map((parameter, index) => segment(parameter, given[index]));
  const taken = operation.parameters.length;
  const body = operation.body ? given[taken] : undefined;
  if (operation.body === "required" && (typeof body !== "object" || body === null)) {
    throw new TypeError(`${name}: no body`);
  }
  const options = given[operation.body ? taken + 1 : taken] ?? {};
  const request = {
    method: operation.method,
    path: operation.path.replace(/\{[^}]+\}/g, () => values.shift()),
    query: new URLSearchParams(),
    headers: {},
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: undefined,
    wait: 0,
  };
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    if (option === "signal") request.signal = value;
    else if (Object.hasOwn(operation.query, option)) request.query.set(operation.query[option], String(value));
    else if (operation.headers.includes(option)) request.headers[headerOptions[option]] = String(value);
    else throw new TypeError(`${name}: no option ${option}`);
  }
  if (operation.keyed) request.headers["Idempotency-Key"] ??= globalThis.crypto?.randomUUID?.() ?? randomKey();
  if (body !== undefined) request.headers["Content-Type"] = "application/json";
  request.wait = Number.parseFloat(request.query.get("wait") ?? "0") || 0;
  return request;
}

/** One part of a path. Nothing, `.` and `..` would name another path. */
function segment(parameter, value) {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text === "" || text === "." || text === "..") {
    throw new TypeError(`no ${parameter}: ${JSON.stringify(value)}`);
  }
  return encodeURIComponent(text);
}

// Node 18 has no global crypto, and browsers have randomUUID only under TLS. A key has to be unique, not secret.
function randomKey() {
  return Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 10).padEnd(8, "0")).join("-");
}
