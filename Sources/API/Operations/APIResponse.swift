public import HTTPTypes
public import Model
public import NIOCore

/// The answer of an operation.
public struct APIResponse: Sendable {
    /// The content.
    public enum Body: Sendable {
        /// Whole, in memory.
        case bytes([UInt8])
        /// Whole, and kept by somebody who answers with it again: it is sent without being copied.
        case kept(ByteBuffer)
        /// Piece by piece, until the stream ends or the client goes: server-sent events.
        case stream(AsyncStream<[UInt8]>)
    }

    /// The status.
    public var status: HTTPResponse.Status
    /// The headers, besides those of every answer.
    public var headers: HTTPFields
    /// The content.
    public var body: Body

    /// An answer of bytes.
    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], bytes: [UInt8], contentType: String) {
        self.status = status
        self.headers = headers
        self.headers[.contentType] = contentType
        body = .bytes(bytes)
    }

    /// An answer of bytes that somebody keeps.
    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], kept: ByteBuffer, contentType: String) {
        self.status = status
        self.headers = headers
        self.headers[.contentType] = contentType
        body = .kept(kept)
    }

    /// An answer without content: 204.
    public init(status: HTTPResponse.Status, headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
        body = .bytes([])
    }

    /// An answer in JSON.
    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], json: JSONValue) {
        self.init(status: status, headers: headers, bytes: json.compactBytes(), contentType: "application/json")
    }

    /// An answer that goes on until the stream ends; its content type stands in the headers.
    public init(status: HTTPResponse.Status, headers: HTTPFields, stream: AsyncStream<[UInt8]>) {
        self.status = status
        self.headers = headers
        body = .stream(stream)
    }

    /// `{"success": true, "data": …}` and what stands beside `data`.
    public static func data(
        _ data: JSONValue, beside: [(String, JSONValue)] = [], headers: HTTPFields = [:]
    ) -> APIResponse {
        APIResponse(
            status: .ok, headers: headers, json: .object([("success", .boolean(true)), ("data", data)] + beside))
    }

    /// 201 with the documented sentence.
    public static func created(
        _ data: JSONValue, beside: [(String, JSONValue)] = [], headers: HTTPFields = [:]
    ) -> APIResponse {
        APIResponse(
            status: .created, headers: headers,
            json: .object(
                [
                    ("success", .boolean(true)), ("data", data),
                    ("message", .string("Resource created successfully")),
                ] + beside))
    }
}
