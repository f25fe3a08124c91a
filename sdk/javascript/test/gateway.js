/** A gateway that answers what a test tells it, on a real socket. */
import { once } from "node:events";
import { createServer } from "node:http";
import { Client } from "../src/index.js";

export class Gateway {
  answers = [];
  requests = [];
  pauses = [];

  static async start() {
    const gateway = new Gateway();
    gateway.server = createServer((request, response) => gateway.#serve(request, response));
    gateway.server.listen(0, "127.0.0.1");
    await once(gateway.server, "listening");
    gateway.url = `http://127.0.0.1:${gateway.server.address().port}`;
    return gateway;
  }

  /** A client that does not really wait. */
  client(options = {}) {
    const sleep = async (seconds) => void this.pauses.push(seconds);
    return new Client({ baseUrl: this.url, token: "wb_test", sleep, ...options });
  }

  answer(status, body, headers = {}) {
    this.answers.push({ status, body, headers });
  }

  refuse(status, message, headers = {}, details = {}) {
    this.answer(status, { error: "Name", message, details }, headers);
  }

  /** The connection breaks before there is an answer. */
  lose() {
    this.answers.push(null);
  }

  async close() {
    this.server.closeAllConnections?.();
    this.server.close();
    await once(this.server, "close");
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url: path, headers } = request;
    this.requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
    const answer = this.answers.shift();
    if (!answer) return request.socket.destroy();
    response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
    if (Array.isArray(answer.body)) {
      for (const chunk of answer.body) response.write(chunk);
      response.end();
    } else {
      const isRaw = typeof answer.body === "string" || Buffer.isBuffer(answer.body);
      response.end(isRaw ? answer.body : JSON.stringify(answer.body));
    }
  }
}

/** Runs a test with a gateway of its own. */
export function withGateway(work) {
  return async () => {
    const gateway = await Gateway.start();
    try {
      await work(gateway, gateway.client());
    } finally {
      await gateway.close();
    }
  };
}

export const ok = (data, beside = {}) => ({ success: true, data, ...beside });
