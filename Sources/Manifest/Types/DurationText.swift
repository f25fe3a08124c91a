/// `30s`, `5m`, `12h`, `30d`.
enum DurationText {
    static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard (2...8).contains(bytes.count), let unit = bytes.last else { return nil }
        let digits = bytes.dropLast()
        guard digits.allSatisfy({ (48...57).contains($0) }), digits.count == 1 || digits.first != 48,
            let number = Int64(String(decoding: digits, as: UTF8.self))
        else { return nil }
        switch unit {
        case UInt8(ascii: "s"): return number
        case UInt8(ascii: "m"): return number * 60
        case UInt8(ascii: "h"): return number * 3600
        case UInt8(ascii: "d"): return number * 86400
        default: return nil
        }
    }
}
