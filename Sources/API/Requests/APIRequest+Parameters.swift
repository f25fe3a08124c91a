import HTTPTypes
import Model

/// Which rows of a list are wanted.
struct Page: Sendable, Hashable {
    /// At most as many.
    var limit: Int
    /// Behind this many.
    var offset: Int

    /// The rows of the page, counted in a list of `total`.
    func range(of total: Int) -> Range<Int> {
        let start = min(offset, total)
        return start..<min(start + limit, total)
    }
}

extension APIRequest {
    /// `limit` and `offset`.
    ///
    /// - Parameters:
    ///   - preset: the limit where none is given; nil: all rows.
    ///   - maximum: the greatest limit that may be given.
    /// - Throws: ``APIFailure``, 400.
    func page(preset: Int? = 50, maximum: Int = 100) throws(APIFailure) -> Page {
        let limit = try whole("limit", in: 1...maximum)
        let offset = try whole("offset", in: 0...Int(Int32.max))
        return Page(limit: limit ?? preset ?? .max >> 1, offset: offset ?? 0)
    }

    /// A whole number of the query.
    ///
    /// - Throws: ``APIFailure``, 400.
    func whole(_ name: String, in range: ClosedRange<Int>) throws(APIFailure) -> Int? {
        guard let text = query[name] else { return nil }
        guard text.utf8.count <= 10, !text.hasPrefix("+"), let value = Int(text), range.contains(value) else {
            throw APIFailure(
                .badRequest, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A switch of the query: `true` or `false`.
    ///
    /// - Throws: ``APIFailure``, 400.
    func flag(_ name: String) throws(APIFailure) -> Bool {
        switch query[name] {
        case nil, "false": return false
        case "true": return true
        default: throw APIFailure(.badRequest, "\(name) must be true or false")
        }
    }

    /// A word of the query.
    ///
    /// - Throws: ``APIFailure``, 400.
    func word(_ name: String, of allowed: [String]) throws(APIFailure) -> String? {
        guard let text = query[name] else { return nil }
        guard allowed.contains(text) else {
            throw APIFailure(.badRequest, "\(name) must be one of \(allowed.joined(separator: ", "))")
        }
        return text
    }

    /// How long a write waits for the pass that applies it: `?wait=0…60s`, 5 s where nothing is said.
    ///
    /// - Throws: ``APIFailure``, 400.
    func wait() throws(APIFailure) -> Duration {
        guard var text = query["wait"]?[...] else { return .seconds(5) }
        var unit = 1000
        for (suffix, milliseconds) in [("ms", 1), ("s", 1000), ("m", 60_000)] where text.hasSuffix(suffix) {
            text = text.dropLast(suffix.count)
            unit = milliseconds
            break
        }
        guard text.utf8.count <= 6, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), number * unit <= 60_000
        else { throw APIFailure(.badRequest, "wait must be a time from 0 to 60s") }
        return .milliseconds(number * unit)
    }

    /// The value of a parameter of the path.
    func parameter(_ name: String) -> String { path[name] ?? "" }
}
