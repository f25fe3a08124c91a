/** Everything that this package throws, besides errors of use (`TypeError`). */
export declare class WireBuddyError extends Error {}

/** The gateway was not reached, or it did not answer in time. */
export declare class ConnectionFailed extends WireBuddyError {}

/** A revision that was waited for is refused or could not be applied. */
export declare class RevisionFailed extends WireBuddyError {
  readonly revision: string;
  readonly record: Record<string, unknown>;
}

/** A revision was not applied within the time that was given. */
export declare class WaitTimedOut extends WireBuddyError {}

/** The gateway refused a request. */
export declare class APIError extends WireBuddyError {
  readonly status: number;
  /** What kind of error, as the gateway names it. */
  readonly error: string;
  /** What is wrong and what to do, without the status. */
  readonly sentence: string;
  /** What programs need to know. */
  readonly details: Record<string, any>;
  readonly body: Record<string, any>;
  readonly headers: Headers;
  /** What is wrong with which field, of a 422. */
  readonly fields: Record<string, string>;
  /** After how many seconds another try makes sense. */
  readonly retryAfter: number | null;
  /** The id under which the gateway logged the request. */
  readonly requestId: string | null;
}

/** 400: a query parameter or the JSON is malformed. */
export declare class BadRequest extends APIError {}
/** 401: no token, or one that is unknown, expired or revoked. */
export declare class Unauthorized extends APIError {}
/** 403: the token or the role does not allow this. */
export declare class Forbidden extends APIError {}
/** 404: there is no such object, or it belongs to somebody else. */
export declare class NotFound extends APIError {}
/** 405: the path takes other methods. */
export declare class MethodNotAllowed extends APIError {}
/** 409: the name or address is taken, a rail refuses the write, or the repository can't take it now. */
export declare class Conflict extends APIError {}
/** 412: the object is no longer what `ifMatch` names. */
export declare class PreconditionFailed extends APIError {}
/** 413: the body is too large. */
export declare class ContentTooLarge extends APIError {}
/** 415: the body is not JSON. */
export declare class UnsupportedMediaType extends APIError {}
/** 422: fields of the body are not valid; see `fields`. */
export declare class Invalid extends APIError {}
/** 429: too many requests; see `retryAfter`. */
export declare class RateLimited extends APIError {
  /** How many requests a window takes. */
  readonly limit?: number;
  /** The seconds of a window. */
  readonly window?: number;
}
/** 500: the write was committed and not applied (`details.reconcile`), or the gateway failed. */
export declare class ServerError extends APIError {}
/** 503: the gateway is starting, stopping or overloaded; see `retryAfter`. */
export declare class NotReady extends APIError {}
