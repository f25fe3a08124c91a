import Model

extension FieldType where Value == String {
    /// The Argon2id string of a password, never the password itself.
    static var passwordHash: FieldType {
        let allowed = "an Argon2id string ($argon2id$v=19$…)"
        return FieldType(schema: .reference("password-hash"), allowed: allowed, show: { .string($0) }) {
            node, context in
            guard let text = context.string(node, allowed: allowed) else { return nil }
            if PasswordHashText.isValid(text) { return text }
            if text.hasPrefix(SealedValue.prefix) {
                context.reportField(
                    node, .unsupportedValue, "is sealed, which is not supported yet for password hashes",
                    suggestion: "write the hash itself: it is made to be seen by those who read the repository")
            } else {
                context.reportField(
                    node, .plainSecret, "must be \(allowed)",
                    suggestion: "write what this prints: wirebuddy user hash-password"
                        + "\nchoose another password if this text was ever committed")
            }
            return nil
        }
    }
}

/// The text form of Argon2 hashes: `$argon2id$v=19$m=65536,t=2,p=1$<salt>$<hash>`.
enum PasswordHashText {
    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 127 else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1].elementsEqual("argon2id".utf8),
            parts[2].elementsEqual("v=19".utf8), (11...64).contains(parts[4].count), (16...86).contains(parts[5].count)
        else { return false }
        return isCost(parts[3]) && (parts[4...5]).allSatisfy { $0.allSatisfy(isBase64) }
    }

    /// `m=65536,t=2,p=1`.
    ///
    /// At most 256 MiB and 16 rounds: a repository must not decide how much memory a login takes.
    private static func isCost(_ text: Substring.UTF8View) -> Bool {
        let costs = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let limits: [(String, ClosedRange<Int>)] = [("m=", 8...262_144), ("t=", 1...16), ("p=", 1...4)]
        return costs.count == limits.count
            && zip(costs, limits).allSatisfy { cost, limit in
                let digits = String(Substring(cost.dropFirst(2)))
                guard cost.starts(with: limit.0.utf8), let value = Int(digits), String(value) == digits else {
                    return false
                }
                return limit.1.contains(value)
            }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        InterfaceName.isAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }
}
