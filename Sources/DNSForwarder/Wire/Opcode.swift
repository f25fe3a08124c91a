/// The kind of a query (RFC 1035 4.1.1; numbers assigned by IANA, RFC 6895): 0...15.
public struct Opcode: RawRepresentable, Hashable, Sendable {
    /// The number in the header.
    public let rawValue: UInt8

    /// The opcode of that number; only its low four bits count.
    public init(rawValue: UInt8) { self.rawValue = rawValue & 0xF }

    /// A standard query (RFC 1035), the only one that is served.
    public static let query = Opcode(rawValue: 0)
    /// An inverse query, obsolete (RFC 3425).
    public static let inverseQuery = Opcode(rawValue: 1)
    /// A server status request (RFC 1035).
    public static let status = Opcode(rawValue: 2)
    /// A notice of a zone's change (RFC 1996).
    public static let notify = Opcode(rawValue: 4)
    /// A dynamic update (RFC 2136).
    public static let update = Opcode(rawValue: 5)
    /// A stateful operation (RFC 8490).
    public static let stateful = Opcode(rawValue: 6)
}
