/// Spans of time as requests write them: `30s`, `5m`, `12h`, `30d`.
enum SpanText {
    /// The seconds, up to ten years; nil for anything else.
    static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), (1...9).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int64(digits), count > 0, count <= 3650 * 86_400 / unit
        else { return nil }
        return count * unit
    }
}
