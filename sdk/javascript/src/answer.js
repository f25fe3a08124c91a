/** What an operation answers: the data, and what stands beside it. */
export class Answer {
  constructor(data, response, body = {}) {
    const { success, data: _, message, reconcile, ...beside } = body;
    /** The resource, the rows of a list, the text or the bytes. */
    this.data = data;
    this.status = response.status;
    this.headers = response.headers;
    this.message = message;
    this.reconcile = reconcile;
    this.beside = beside;
  }

  /** The tag of what is declared, for `ifMatch` of a later write. */
  get etag() {
    return this.headers.get("etag");
  }

  /** The revision that the answer shows; after a write the one that it made. */
  get revision() {
    return this.reconcile?.revision ?? this.headers.get("x-wirebuddy-revision");
  }

  /** The id under which the gateway logged the request. */
  get requestId() {
    return this.headers.get("x-request-id");
  }
}

/** The answer of a list: some of its rows. */
export class Page extends Answer {
  constructor(rows, response, body) {
    const { total, limit, offset, ...rest } = body;
    super(rows, response, rest);
    this.total = total;
    this.limit = limit;
    this.offset = offset;
  }
}

/** Reads the answer of a response with a good status, in the shape that the operation says. */
export async function read(response, { shape, rows }) {
  switch (shape) {
    case "bytes":
      return new Answer(new Uint8Array(await response.arrayBuffer()), response);
    case "text":
      return new Answer(await response.text(), response);
    case "document":
      return new Answer(await response.json(), response);
    case "page": {
      const body = await response.json();
      return new Page(rows ? body.data[rows] : body.data, response, body);
    }
    default: {
      const body = await response.json();
      return new Answer(body.data, response, body);
    }
  }
}
