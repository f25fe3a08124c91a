/** When a request is sent again. */
import { seconds } from "./errors.js";

/**
 * How often and how long a client waits. Only requests that can't do anything twice are repeated: reads, and writes with
 * an idempotency key.
 */
export const RETRY = Object.freeze({
  /** How many times one request is sent again. */
  attempts: 3,
  /** The longest wait in seconds that is accepted; a longer `Retry-After` is an error at once. */
  longest: 60,
  /** The first wait where the gateway names none; it doubles. */
  first: 0.25,
});

/** Never send anything again. */
export const NO_RETRY = Object.freeze({ ...RETRY, attempts: 0 });

/** The seconds to wait after bad answer number `attempt` (from 0); null: it stands. */
export function waitAfterAnswer(policy, request, attempt, response) {
  if (response.status !== 429 && response.status !== 503) return null;
  if (!mayRepeat(policy, request, attempt)) return null;
  const wait = seconds(response.headers.get("retry-after")) ?? policy.first * 2 ** attempt;
  return wait <= policy.longest ? wait : null;
}

/** The seconds to wait after the connection failed for time number `attempt` (from 0); null: no more. */
export function waitAfterFailure(policy, request, attempt) {
  return mayRepeat(policy, request, attempt) ? Math.min(policy.first * 2 ** attempt, policy.longest) : null;
}

/** The seconds before an event stream is opened again, after so many that brought no event. */
export function pauseBeforeReconnect(retry, failures) {
  return retry ?? Math.min(0.5 * 2 ** Math.min(failures, 10), 30);
}

function mayRepeat(policy, request, attempt) {
  const harmless = request.method === "GET" || request.headers["Idempotency-Key"] !== undefined;
  return harmless && attempt < policy.attempts;
}
