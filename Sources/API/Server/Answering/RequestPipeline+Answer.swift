import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Model
import NIOCore
import Reconciler

extension RequestPipeline {
    /// Adds the headers of every answer.
    func complete(_ answer: inout APIResponse, _ exchange: Exchange) {
        var fields = headers.fields(answer.headers, isSecure: exchange.isSecure)
        for field in exchange.headers { fields.append(field) }
        if crossOrigin.isActive {
            for field in crossOrigin.fields(for: exchange.head.headerFields[.origin]) where fields[field.name] == nil {
                fields.append(field)
            }
        }
        fields[.requestID] = exchange.id
        if let revision = services.reconciliation.view?.report.inForce { fields[.wireBuddyRevision] = revision }
        fields[.date] = date.text(at: clock.time)
        // A body that was announced and not read can't be told from the next request.
        if hasUnreadBody(exchange) { fields[.connection] = "close" }
        if case .bytes(let bytes) = answer.body, answer.status != .noContent {
            fields[.contentLength] = "\(bytes.count)"
        }
        answer.headers = fields
    }

    private func hasUnreadBody(_ exchange: Exchange) -> Bool {
        guard !exchange.hasReadBody else { return false }
        let fields = exchange.head.headerFields
        return fields[.transferEncoding] != nil || (fields[.contentLength].flatMap(Int.init) ?? 0) > 0
    }

    /// Writes an answer.
    @concurrent func write(
        _ answer: APIResponse, _ exchange: Exchange, to writer: consuming ResponseWriter, _ connection: Connection
    ) async throws {
        let head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        switch answer.body {
        case _ where exchange.head.method == .head: try await writer.writeResponse(head)
        case .bytes(let bytes):
            if bytes.isEmpty {
                try await writer.writeResponse(head)
            } else {
                try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            }
        case .stream(let pieces):
            let body = try await writer.writeHead(head)
            try await connection.runStream(
                Task {
                    var body: any ResponseBodyWriter = body
                    for await piece in pieces { try await body.write(ByteBuffer(bytes: piece)) }
                    // Also when it was cancelled: the client is told that this was all.
                    let last = body
                    try await Task { try await last.finish(nil) }.value
                })
        }
    }
}
