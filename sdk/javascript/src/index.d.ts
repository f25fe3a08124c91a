/** The WireBuddy REST API for Node and browsers. */
export { Client, type ClientOptions, type EventOptions, type GatewayEvent } from "./client.js";
export type { Answer, Page, RequestOptions } from "./answer.js";
export * from "./errors.js";
export * from "./models.js";
export * from "./operations.js";
export { NO_RETRY, RETRY, type RetryPolicy } from "./retry.js";
