import type { RevisionDetail } from "./models.js";
import type { Operations } from "./operations.js";
import type { RetryPolicy } from "./retry.js";

/** How a client reaches its gateway. */
export interface ClientOptions {
  /** Where the gateway listens: `https://vpn.example.com`; in a browser the page's own origin by default. */
  baseUrl?: string | URL;
  /** An API or session token; without it that in `WIREBUDDY_API_TOKEN`, in a browser the session's cookie. */
  token?: string;
  /** Seconds to wait for the gateway. */
  timeout?: number;
  /** How often a request is sent again after 429, 503 or a lost connection. */
  retry?: Partial<RetryPolicy>;
  /** Another fetch, as one that trusts a certificate authority of yours. */
  fetch?: typeof globalThis.fetch;
  /** Another way to wait so many seconds. */
  sleep?: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Something that happened on the gateway: a pass, drift, a peer that connected, a revision. */
export interface GatewayEvent {
  event: string;
  data: any;
  id: string | null;
}

/** How events are followed. */
export interface EventOptions {
  /** Go on after the event with this id. */
  lastEventId?: string | null;
  /** Whether to connect again after a lost connection; true by default. */
  reconnect?: boolean;
  signal?: AbortSignal;
}

/** A gateway's API: one method per operation, and these. */
export interface Client extends Operations {}

export declare class Client {
  /** Connects to nothing yet. */
  constructor(options?: ClientOptions);
  /**
   * Waits until a revision is applied, or the one that took its place, and returns the gateway's record of it. Throws
   * `RevisionFailed` when it is refused or failed, `WaitTimedOut` after `timeout` seconds (60).
   */
  waitForRevision(revision: string, options?: { timeout?: number; signal?: AbortSignal }): Promise<RevisionDetail>;
  /** What happens on the gateway, also over lost connections; ends with the loop that reads it, or with its signal. */
  streamEvents(options?: EventOptions): AsyncGenerator<GatewayEvent, void, void>;
}
