import HTTPTypes
import Hummingbird
import HummingbirdCore
import Model
import NIOCore

extension RequestPipeline {
    /// Reads the body, once it is clear that it is wanted.
    ///
    /// - Throws: ``APIFailure``; the connection ends then if the body was not read to its end.
    @concurrent func body(
        of request: Request, _ exchange: inout Exchange, _ operation: Operation, _ writer: borrowing ResponseWriter
    ) async throws -> [UInt8] {
        let length = request.headers[.contentLength].flatMap(Int.init)
        guard length ?? 0 > 0 || request.headers[.transferEncoding] != nil else { return [] }
        if let length, length > limits.bodySize { throw Self.tooLarge(limits.bodySize) }
        try requireJSON(request.headers, operation)
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length ?? 0)
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= limits.bodySize else { throw Self.tooLarge(limits.bodySize) }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        if let length, bytes.count != length {
            throw APIFailure(.badRequest, "the body ended before its Content-Length")
        }
        exchange.hasReadBody = true
        return bytes
    }

    private func requireJSON(_ fields: HTTPFields, _ operation: Operation) throws(APIFailure) {
        guard !operation.isRead else { return }
        let type = (fields[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        if type == "application/json" || operation.method == .patch && type == "application/merge-patch+json" { return }
        throw APIFailure(.unsupportedMediaType, "the body must be application/json")
    }

    private static func tooLarge(_ limit: Int) -> APIFailure {
        APIFailure(.contentTooLarge, "the body is larger than \(limit) bytes")
    }
}
