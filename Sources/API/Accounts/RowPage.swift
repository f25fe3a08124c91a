import HTTPTypes
import Model

/// The part of a list that a request asks for by `limit` and `offset`.
struct RowPage {
    let limit: Int?
    let offset: Int

    /// - Parameter defaultLimit: how many rows a page has where nothing is asked for; nil: all.
    /// - Throws: ``APIFailure``: 400 when a number is out of range.
    init(_ request: APIRequest, defaultLimit: Int?) throws(APIFailure) {
        limit = try Self.number("limit", 1...100, request) ?? defaultLimit
        offset = try Self.number("offset", 0...Int(Int32.max), request) ?? 0
    }

    private static func number(
        _ name: String, _ range: ClosedRange<Int>, _ request: APIRequest
    ) throws(APIFailure) -> Int? {
        guard let text = request.query[name] else { return nil }
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, let value = Int(text), range.contains(value) else {
            throw APIFailure(
                .badRequest,
                range.upperBound == Int(Int32.max)
                    ? "\(name) must be a number from \(range.lowerBound)"
                    : "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// The answer of a list.
    func answer(_ rows: [JSONValue]) -> APIResponse {
        let page = rows.dropFirst(offset).prefix(limit ?? Int.max)
        return .data(
            .array(Array(page)),
            beside: [
                ("total", .number(rows.count)), ("limit", limit.map(JSONValue.number) ?? .null),
                ("offset", .number(offset)),
            ])
    }
}
