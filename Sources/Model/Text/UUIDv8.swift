/// UUIDs of version 8 (RFC 9562, 5.8), made of a digest: whoever has the same input gets the same.
public enum UUIDv8 {
    /// The UUID of the first 16 bytes of a digest.
    ///
    /// - Returns: 36 lower-case characters.
    public static func text(of digest: DigestValue) -> String {
        let bytes = digest.bytes
        return unsafe String(unsafeUninitializedCapacity: 36) { text in
            var end = 0
            for index in 0..<16 {
                var byte = bytes[index]
                if index == 6 { byte = 0x80 | byte & 0x0F }
                if index == 8 { byte = 0x80 | byte & 0x3F }
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    unsafe text[end] = UInt8(ascii: "-")
                    end += 1
                }
                unsafe text[end] = DigestValue.digit(byte >> 4)
                unsafe text[end + 1] = DigestValue.digit(byte & 0xF)
                end += 2
            }
            return end
        }
    }
}
