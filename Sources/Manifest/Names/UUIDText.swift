/// UUIDs (RFC 9562).
enum UUIDText {
    /// The 8-4-4-4-12 form in lower case, nil for anything else.
    static func folded(_ text: String) -> String? {
        guard text.utf8.count == 36 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for (index, byte) in text.utf8.enumerated() {
            switch index {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
                bytes.append(byte)
            default:
                switch byte {
                case 48...57, UInt8(ascii: "a")...UInt8(ascii: "f"): bytes.append(byte)
                case UInt8(ascii: "A")...UInt8(ascii: "F"): bytes.append(byte | 0x20)
                default: return nil
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
