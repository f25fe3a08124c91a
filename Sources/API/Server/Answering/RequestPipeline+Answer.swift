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
        // No page reads at the listener that asks nobody who he is.
        if crossOrigin.isActive, !exchange.isScrape {
            for field in crossOrigin.fields(for: exchange.head.headerFields[.origin]) where fields[field.name] == nil {
                fields.append(field)
            }
        }
        fields[.requestID] = exchange.id
        if let revision = services.reconciliation.view?.report.inForce { fields[.wireBuddyRevision] = revision }
        fields[.date] = date.text(at: clock.time)
        // A body that was announced and not read can't be told from the next request.
        if hasUnreadBody(exchange) { fields[.connection] = "close" }
        switch answer.body {
        case .bytes(let bytes) where answer.status != .noContent: fields[.contentLength] = "\(bytes.count)"
        case .kept(let buffer): fields[.contentLength] = "\(buffer.readableBytes)"
        case .bytes, .stream: break
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
        case .kept(let buffer): try await writer.write(response: head, body: ResponseBody(byteBuffer: buffer))
        case .stream(let pieces):
            var body = try await writer.writeHead(head)
            for await piece in connection.stream(pieces) { try await body.write(ByteBuffer(bytes: piece)) }
            // Also when the server stops: the client is told that this was all.
            try await body.finish(nil)
        }
    }
}
