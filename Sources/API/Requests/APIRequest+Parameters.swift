import HTTPTypes
import Model

extension APIRequest {
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
        guard let text = query["wait"] else { return .seconds(5) }
        let digits = text.hasSuffix("s") ? text.dropLast() : text[...]
        guard (1...2).contains(digits.utf8.count), digits == "0" || !digits.hasPrefix("0"),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let seconds = Int(digits),
            seconds <= 60
        else { throw APIFailure(.badRequest, "wait must be a time from 0 to 60s") }
        return .seconds(seconds)
    }

    /// What a write consents to of what rails refuse: `?approve=3f9a1c07be52,be0aa66eb572`.
    ///
    /// - Throws: ``APIFailure``, 400.
    func approvals() throws(APIFailure) -> Set<String> {
        guard let text = query["approve"] else { return [] }
        guard text.utf8.count <= 1300, text.wholeMatch(of: /[0-9a-f]{12,64}(,[0-9a-f]{12,64})*/) != nil else {
            throw APIFailure(.badRequest, "approve must be digests as a plan shows them, with commas between them")
        }
        return Set(text.split(separator: ",").map { String($0.prefix(12)) })
    }

    /// A text of the query.
    ///
    /// - Throws: ``APIFailure``, 400, for one that is longer than anything it could match.
    func text(_ name: String, maximum: Int) throws(APIFailure) -> String? {
        guard let text = query[name] else { return nil }
        guard text.unicodeScalars.count <= maximum else {
            throw APIFailure(.badRequest, "\(name) must have at most \(maximum) characters")
        }
        return text
    }

    /// The value of a parameter of the path.
    func parameter(_ name: String) -> String { path[name] ?? "" }
}
