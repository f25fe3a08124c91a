/** The WireBuddy REST API for Node and browsers. */
export { Client } from "./client.js";
export * from "./errors.js";
export { NO_RETRY, RETRY } from "./retry.js";
