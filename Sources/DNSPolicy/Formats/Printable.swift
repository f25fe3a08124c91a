/// Text of a list for an error or a report: no control characters, and not longer than a line.
enum Printable {
    static func text(_ bytes: some Collection<UInt8>) -> String {
        let clean = String(decoding: bytes.prefix(120), as: UTF8.self).unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? "?" : String(scalar)
        }
        return clean.joined() + (bytes.count > 120 ? "…" : "")
    }
}
