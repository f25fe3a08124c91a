/** How often and how long a client waits before it sends a request again. */
export interface RetryPolicy {
  /** How many times one request is sent again. */
  attempts: number;
  /** The longest wait in seconds that is accepted; a longer `Retry-After` is an error at once. */
  longest: number;
  /** The first wait where the gateway names none; it doubles. */
  first: number;
}

/** Three more tries, each after at most a minute. */
export declare const RETRY: Readonly<RetryPolicy>;
/** Never send anything again. */
export declare const NO_RETRY: Readonly<RetryPolicy>;
