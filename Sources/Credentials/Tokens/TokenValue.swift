import CLibSodium
public import Model

/// The value of a token: a prefix that tells what it is for, and 43 random characters (256 bits). It is shown once and
/// never stored; what is stored is its digest.
public struct TokenValue: Sendable {
    /// What a token is for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Programs that use the API.
        case api = "wb_"
        /// The session of a login.
        case session = "wbs_"
        /// The first admin.
        case enrolment = "wbe_"
    }

    /// What it is for.
    public let kind: Kind
    private let secret: SecretBytes

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let length = 43

    /// A new random one.
    public static func generate(_ kind: Kind) -> TokenValue {
        Sodium.prepare()
        var bytes = Array(kind.rawValue.utf8)
        bytes.reserveCapacity(bytes.count + length)
        for _ in 0..<length { bytes.append(alphabet[Int(randombytes_uniform(UInt32(alphabet.count)))]) }
        return TokenValue(kind: kind, secret: SecretBytes(bytes))
    }

    private init(kind: Kind, secret: SecretBytes) {
        self.kind = kind
        self.secret = secret
    }

    /// Reads what somebody presents; nil when it can't be a token of ours.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let kind = Kind.allCases.first { kind in
            bytes.count == kind.rawValue.utf8.count + Self.length && bytes.starts(with: kind.rawValue.utf8)
        }
        guard let kind else { return nil }
        let isPlain = bytes.dropFirst(kind.rawValue.utf8.count).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: false
            }
        }
        guard isPlain else { return nil }
        self.init(kind: kind, secret: SecretBytes(bytes))
    }

    /// What is stored of it and looked up: it tells nothing about the value.
    public var digest: DigestValue { secret.withBytes { BLAKE2b256().digest($0) } }

    /// The value, for the one output that was asked for.
    public func reveal() -> String { secret.withBytes { String(decoding: $0, as: UTF8.self) } }
}

extension TokenValue: CustomStringConvertible, CustomDebugStringConvertible {
    /// The prefix; the rest is not shown.
    public var description: String { "\(kind.rawValue)<redacted>" }
    /// The prefix; the rest is not shown.
    public var debugDescription: String { description }
}
