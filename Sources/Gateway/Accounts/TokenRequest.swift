public import Model

/// What somebody wants a token to be.
public struct TokenRequest: Sendable, Hashable {
    /// How long a token lives.
    public enum Lifetime: String, Sendable, Hashable, CaseIterable {
        /// Until it is revoked.
        case never
        /// 30 days.
        case month = "30d"
        /// 90 days.
        case quarter = "90d"
        /// 365 days.
        case year = "1y"

        /// The length in seconds; nil: without end.
        public var seconds: Int64? {
            switch self {
            case .never: nil
            case .month: 30 * 86_400
            case .quarter: 90 * 86_400
            case .year: 365 * 86_400
            }
        }
    }

    /// What its owner calls it.
    public var name: String
    /// How long it lives.
    public var lifetime: Lifetime
    /// What it allows.
    public var permission: TokenPermission
    /// Where requests with it may come from; empty: from anywhere.
    public var allowedIPs: [Prefix]
    /// Whether private keys of devices may be read with it.
    public var allowsSecrets: Bool

    /// A wish.
    public init(
        name: String, lifetime: Lifetime = .never, permission: TokenPermission = .read, allowedIPs: [Prefix] = [],
        allowsSecrets: Bool = false
    ) {
        self.name = name
        self.lifetime = lifetime
        self.permission = permission
        self.allowedIPs = allowedIPs
        self.allowsSecrets = allowsSecrets
    }

    /// What is wrong with the name; nil: nothing. It stands in commits as part of the author.
    static func problem(ofName name: String) -> String? {
        let bytes = Array(name.utf8)
        let isPlain = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let edges = [bytes.first, bytes.last].compactMap { $0 }
        let hasPlainEdges = edges.count == 2 && !edges.contains { " ._-".utf8.contains($0) }
        if (1...64).contains(bytes.count), isPlain, hasPlainEdges { return nil }
        return
            "name must have 1 to 64 letters, digits, spaces, `.`, `_` and `-`, and begin and end with a letter or digit"
    }
}
