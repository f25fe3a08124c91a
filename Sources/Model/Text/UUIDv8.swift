/// UUIDs of version 8 (RFC 9562, 5.8), made of a digest: whoever has the same input gets the same.
public enum UUIDv8 {
    /// The UUID of the first 16 bytes of a digest.
    ///
    /// - Returns: 36 lower-case characters.
    public static func text(of digest: DigestValue) -> String {
        var bytes = Array(digest.bytes.prefix(16))
        bytes[6] = 0x80 | bytes[6] & 0x0F
        bytes[8] = 0x80 | bytes[8] & 0x3F
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
