import CLibSodium
public import Model

/// Passwords that are made for people.
public enum GeneratedPassword {
    /// Letters and digits that are not mistaken for each other.
    private static let alphabet = Array("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".utf8)

    /// Four groups of five characters, 115 random bits.
    public static func make() -> SecretBytes {
        Sodium.prepare()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(23)
        for group in 0..<4 {
            if group > 0 { bytes.append(UInt8(ascii: "-")) }
            for _ in 0..<5 { bytes.append(alphabet[Int(randombytes_uniform(UInt32(alphabet.count)))]) }
        }
        return SecretBytes(bytes)
    }
}
