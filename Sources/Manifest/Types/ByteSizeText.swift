/// `500MB`, `2GB`: powers of 1000.
enum ByteSizeText {
    private static let units: [(text: String, bytes: Int64)] = [("GB", 1_000_000_000), ("MB", 1_000_000)]

    static func bytes(_ text: String) -> Int64? {
        for unit in units where text.utf8.reversed().starts(with: unit.text.utf8.reversed()) {
            let digits = text.utf8.dropLast(unit.text.utf8.count)
            guard (1...6).contains(digits.count), digits.first != UInt8(ascii: "0"),
                digits.allSatisfy({ (48...57).contains($0) }), let number = Int64(String(Substring(digits)))
            else { return nil }
            return number * unit.bytes
        }
        return nil
    }
}
