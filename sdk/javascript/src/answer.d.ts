/** What an operation answers: the data, and what stands beside it. */
export interface Answer<T> {
  /** The resource, the text or the bytes. */
  readonly data: T;
  readonly status: number;
  readonly headers: Headers;
  /** The sentence of a 201. */
  readonly message?: string;
  /** After a write: which revision it became, and whether it was read back, is under way or failed. */
  readonly reconcile?: { revision: string; state: "converged" | "pending" | "failed"; [name: string]: unknown };
  /** Whatever else stands at the top level of the body, as `plan` of a dry run. */
  readonly beside: Record<string, unknown>;
  /** The tag of what is declared, for `ifMatch` of a later write. */
  readonly etag: string | null;
  /** The revision that the answer shows; after a write the one that it made. */
  readonly revision: string | null;
  /** The id under which the gateway logged the request. */
  readonly requestId: string | null;
}

/** The answer of a list: some of its rows. */
export interface Page<T> extends Answer<T[]> {
  /** How many rows there are. */
  readonly total: number;
  /** How many rows a page has at most; null: all are here. */
  readonly limit: number | null;
  /** How many rows stand before this page. */
  readonly offset: number;
}

/** What every method takes. */
export interface RequestOptions {
  /** Ends the request, and the waiting for another try. */
  signal?: AbortSignal;
}
