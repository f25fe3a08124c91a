/** Server-sent events: the format, without any I/O. */

/** Turns the bytes of a stream into events, and remembers what a later connection needs to go on. */
export class EventParser {
  constructor(lastEventId = null) {
    /** The id of the last event, for `Last-Event-ID`. */
    this.lastEventId = lastEventId;
    /** After how many seconds to connect again, where the gateway said so. */
    this.retry = null;
    this.reconnect();
  }

  /** Forgets half an event: the stream was cut off in it. */
  reconnect() {
    this.decoder = new TextDecoder();
    this.rest = "";
    this.id = this.lastEventId;
    this.clear();
  }

  /** Takes the next bytes; the events that they complete. */
  feed(chunk) {
    const lines = (this.rest + this.decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    return lines.map((line) => this.line(line)).filter((event) => event !== null);
  }

  clear() {
    this.event = "message";
    this.data = [];
  }

  line(line) {
    if (line === "") return this.complete();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.event = value;
    else if (name === "data") this.data.push(value);
    else if (name === "id" && !value.includes("\0")) this.id = value;
    else if (name === "retry" && /^[0-9]+$/.test(value)) this.retry = Number(value) / 1000;
    return null;
  }

  complete() {
    const { event, data } = this;
    this.clear();
    // Only now: an event that was cut off comes again after the one before it.
    this.lastEventId = this.id;
    return data.length === 0 ? null : { event, data: decoded(data.join("\n")), id: this.lastEventId };
  }
}

function decoded(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
