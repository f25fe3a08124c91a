/** What goes wrong, as one class per status. */

/** Everything that this package throws, besides errors of use (`TypeError`). */
export class WireBuddyError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The gateway was not reached, or it did not answer in time. */
export class ConnectionFailed extends WireBuddyError {}

/** A revision that was waited for is refused or could not be applied. */
export class RevisionFailed extends WireBuddyError {
  constructor(revision, why, record) {
    super(`revision ${revision} failed: ${why ?? "the gateway does not say why"}`);
    this.revision = revision;
    this.record = record;
  }
}

/** A revision was not applied within the time that was given. */
export class WaitTimedOut extends WireBuddyError {}

/** The gateway refused a request. */
export class APIError extends WireBuddyError {
  constructor(response, body) {
    const error = String(body.error ?? response.statusText);
    const sentence = String(body.message ?? response.statusText);
    super(`${response.status} ${error}: ${sentence}`);
    this.status = response.status;
    /** What kind of error, as the gateway names it. */
    this.error = error;
    /** What is wrong and what to do, without the status. */
    this.sentence = sentence;
    /** What programs need to know. */
    this.details = body.details ?? {};
    this.body = body;
    this.headers = response.headers;
  }

  /** What is wrong with which field, of a 422. */
  get fields() {
    return Object.fromEntries((this.details.fields ?? []).map((row) => [row.field, row.message]));
  }

  /** After how many seconds another try makes sense. */
  get retryAfter() {
    return seconds(this.headers.get("retry-after"));
  }

  /** The id under which the gateway logged the request. */
  get requestId() {
    return this.headers.get("x-request-id");
  }
}

/** 400: a query parameter or the JSON is malformed. */
export class BadRequest extends APIError {}
/** 401: no token, or one that is unknown, expired or revoked. */
export class Unauthorized extends APIError {}
/** 403: the token or the role does not allow this. */
export class Forbidden extends APIError {}
/** 404: there is no such object, or it belongs to somebody else. */
export class NotFound extends APIError {}
/** 405: the path takes other methods. */
export class MethodNotAllowed extends APIError {}
/** 409: the name or address is taken, a rail refuses the write, or the repository can't take it now. */
export class Conflict extends APIError {}
/** 412: the object is no longer what `ifMatch` names. */
export class PreconditionFailed extends APIError {}
/** 413: the body is too large. */
export class ContentTooLarge extends APIError {}
/** 415: the body is not JSON. */
export class UnsupportedMediaType extends APIError {}
/** 422: fields of the body are not valid; see `fields`. */
export class Invalid extends APIError {}
/** 429: too many requests; see `retryAfter`. */
export class RateLimited extends APIError {
  /** How many requests a window takes. */
  get limit() {
    return this.body.limit;
  }

  /** The seconds of a window. */
  get window() {
    return this.body.window;
  }
}
/** 500: the write was committed and not applied (`details.reconcile`), or the gateway failed. */
export class ServerError extends APIError {}
/** 503: the gateway is starting, stopping or overloaded; see `retryAfter`. */
export class NotReady extends APIError {}

const classes = {
  400: BadRequest,
  401: Unauthorized,
  403: Forbidden,
  404: NotFound,
  405: MethodNotAllowed,
  409: Conflict,
  412: PreconditionFailed,
  413: ContentTooLarge,
  415: UnsupportedMediaType,
  422: Invalid,
  429: RateLimited,
  500: ServerError,
  503: NotReady,
};

/** The error of a response, of the class of its status. */
export async function errorOf(response) {
  let body;
  try {
    body = await response.json();
  } catch {
    // Something between us and the gateway answered, in its own words.
  }
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  return new (classes[response.status] ?? APIError)(response, isObject ? body : {});
}

/** The seconds of a `Retry-After` header; null where it has none or an HTTP date, which the gateway never sends. */
export function seconds(value) {
  return value !== null && /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}
