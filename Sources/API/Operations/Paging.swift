import HTTPTypes
import Model

/// Which part of a list is asked for.
struct Paging: Sendable, Hashable {
    /// How many rows at most; nil: all.
    var limit: Int?
    /// How many rows are left out at the beginning.
    var offset: Int

    /// The query parameters of a paged operation.
    static let names: Set<String> = ["limit", "offset"]

    /// Reads `limit` and `offset`.
    ///
    /// - Parameter standard: the limit of who names none; nil: all rows.
    /// - Throws: ``APIFailure``, 400 for what is outside the bounds.
    init(_ query: [String: String], standard: Int? = 50) throws(APIFailure) {
        limit = try Self.number("limit", query, 1...100, "from 1 to 100") ?? standard
        offset = try Self.number("offset", query, 0...Int(Int32.max), "0 or more") ?? 0
    }

    private static func number(
        _ name: String, _ query: [String: String], _ range: ClosedRange<Int>, _ words: String
    ) throws(APIFailure) -> Int? {
        guard let text = query[name] else { return nil }
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, let number = Int(text), range.contains(number) else {
            throw APIFailure(.badRequest, "\(name) must be a whole number \(words)")
        }
        return number
    }

    /// The rows of this part.
    func rows<Row>(of all: [Row]) -> ArraySlice<Row> {
        let rest = all.dropFirst(offset)
        return limit.map { rest.prefix($0) } ?? rest
    }

    /// A list as the contract answers it.
    func response(_ rows: [JSONValue], total: Int) -> APIResponse {
        .data(
            .array(rows),
            beside: [
                ("total", .number(total)), ("limit", limit.map(JSONValue.number) ?? .null), ("offset", .number(offset)),
            ])
    }
}
