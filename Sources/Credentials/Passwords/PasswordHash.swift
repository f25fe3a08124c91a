import CLibSodium
import Glibc
public import Model

/// The hash of a password as it stands in the repository: Argon2id (RFC 9106) as
/// `$argon2id$v=19$m=65536,t=2,p=1$<salt>$<hash>`.
public struct PasswordHash: Sendable, Hashable {
    /// What a new hash costs: two rounds over 64 MiB.
    static let rounds: UInt64 = 2
    static let memory = 64 << 20

    /// The text.
    public let text: String

    /// Takes a hash as it is written; nil when it isn't one, or asks for more than 256 MiB or 16 rounds: a repository
    /// must not decide how much memory a login takes.
    public init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard text.utf8.count < Int(crypto_pwhash_STRBYTES), parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id",
            parts[2] == "v=19", Self.isAffordable(parts[3]), Self.isBase64(parts[4]), Self.isBase64(parts[5])
        else { return nil }
        self.text = text
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// What a password is compared with where there is no user: of the same cost, and nobody knows a password for it.
    static let ofNobody = PasswordHash(
        unchecked: "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    /// The hash of a password with a random salt. Takes 64 MiB and about a tenth of a second: call it where others wait
    /// for nothing, see ``PasswordQueue``.
    ///
    /// - Throws: ``PasswordFailure/outOfMemory``.
    public static func make(_ password: SecretBytes) throws(PasswordFailure) -> PasswordHash {
        Sodium.prepare()
        var output = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let result = Self.withCharacters(of: password) { characters, count in
            unsafe crypto_pwhash_str(&output, characters, count, rounds, memory)
        }
        guard result == 0 else { throw .outOfMemory }
        return PasswordHash(
            unchecked: String(decoding: output.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// Whether this is the hash of `password`, found out in a time that says nothing about where they differ.
    ///
    /// - Throws: ``PasswordFailure/outOfMemory``.
    public func matches(_ password: SecretBytes) throws(PasswordFailure) -> Bool {
        Sodium.prepare()
        let hash = text.utf8.map(CChar.init(bitPattern:)) + [0]
        errno = 0
        let result = Self.withCharacters(of: password) { characters, count in
            unsafe crypto_pwhash_str_verify(hash, characters, count)
        }
        if result != 0, errno == ENOMEM { throw .outOfMemory }
        return result == 0
    }

    /// Runs `body` with the password as C takes it; the copy is wiped.
    private static func withCharacters(of password: SecretBytes, _ body: ([CChar], UInt64) -> Int32) -> Int32 {
        var characters = [CChar](repeating: 0, count: password.count + 1)
        defer { unsafe sodium_memzero(&characters, characters.count) }
        password.withBytes { bytes in
            for index in bytes.indices { characters[index] = CChar(bitPattern: bytes[index]) }
        }
        return body(characters, UInt64(password.count))
    }

    private static func isAffordable(_ parameters: Substring) -> Bool {
        let limits: [(name: String, values: ClosedRange<Int>)] = [("m", 8...262_144), ("t", 1...16), ("p", 1...4)]
        let given = parameters.split(separator: ",", omittingEmptySubsequences: false)
        guard given.count == limits.count else { return false }
        return zip(given, limits).allSatisfy { text, limit in
            guard text.hasPrefix("\(limit.name)="), let value = Int(text.dropFirst(2)),
                String(value) == text.dropFirst(2)
            else { return false }
            return limit.values.contains(value)
        }
    }

    private static func isBase64(_ text: Substring) -> Bool {
        text.utf8.count >= 11
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}

/// Why a password could not be looked at.
public enum PasswordFailure: Error, Sendable, Hashable {
    /// Too many wait already: try again later.
    case busy
    /// There is no memory for it.
    case outOfMemory
}
