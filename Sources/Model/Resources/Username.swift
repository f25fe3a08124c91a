/// The names of users.
public enum Username {
    /// Whether a text can be one: 3-32 ASCII letters, digits, `.`, `_` and `-`, the first one a letter or digit.
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isPlain = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return (3...32).contains(bytes.count) && isPlain && bytes.first.map { !"._-".utf8.contains($0) } == true
    }
}
