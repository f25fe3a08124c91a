public import Model

/// What a password must be: at least 8 characters with an upper-case and a lower-case letter, a digit and one of
/// `!@#$%^&*`, or at least 14 characters of any kind.
public enum PasswordRule {
    /// The longest password in bytes; longer ones would only cost time.
    public static let maximumSize = 1024
    private static let signs = Set("!@#$%^&*".utf8)

    /// What is wrong with a password, for people; nil: nothing.
    public static func problem(of password: SecretBytes) -> String? {
        password.withBytes { bytes in
            guard bytes.count <= maximumSize else { return "password must have at most \(maximumSize) bytes" }
            guard !bytes.contains(0) else { return "password must not contain a zero byte" }
            // Characters of UTF-8: bytes that don't continue one.
            let length = bytes.count { $0 & 0xC0 != 0x80 }
            if length >= 14 { return nil }
            let isMixed =
                bytes.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
                && bytes.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
                && bytes.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                && bytes.contains { signs.contains($0) }
            if length >= 8, isMixed { return nil }
            return
                "password must have at least 8 characters with an upper-case letter, a lower-case letter, a digit and"
                + " one of !@#$%^&*, or at least 14 characters"
        }
    }
}
