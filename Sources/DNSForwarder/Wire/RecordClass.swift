/// The class of a resource record or question (RFC 1035 3.2.4; numbers assigned by IANA, RFC 6895).
public struct RecordClass: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt16

    /// The class of that number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The Internet, the only one that is served.
    public static let internet = RecordClass(rawValue: 1)
    /// Chaosnet, today the place of `version.bind` (RFC 4892).
    public static let chaos = RecordClass(rawValue: 3)
    /// Hesiod.
    public static let hesiod = RecordClass(rawValue: 4)
    /// No class, of updates (RFC 2136).
    public static let none = RecordClass(rawValue: 254)
    /// Any class, only asked for.
    public static let any = RecordClass(rawValue: 255)

    /// IANA's mnemonic, or `CLASS65280` for a number without one (RFC 3597).
    public var description: String {
        switch self {
        case .internet: "IN"
        case .chaos: "CH"
        case .hesiod: "HS"
        case .none: "NONE"
        case .any: "ANY"
        default: "CLASS\(rawValue)"
        }
    }
}
