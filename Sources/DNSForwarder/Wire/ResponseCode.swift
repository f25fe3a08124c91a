internal import Model

/// The outcome of a query: four bits in the header and, with EDNS, eight more in the OPT record (RFC 1035 4.1.1,
/// RFC 6891 6.1.3; numbers assigned by IANA, RFC 6895): 0...4095.
public struct ResponseCode: RawRepresentable, Hashable, Sendable {
    /// All twelve bits.
    public let rawValue: UInt16

    /// The code of that number; only its low twelve bits count.
    public init(rawValue: UInt16) { self.rawValue = rawValue & 0xFFF }

    /// No error.
    public static let noError = ResponseCode(rawValue: 0)
    /// The query could not be read.
    public static let formatError = ResponseCode(rawValue: 1)
    /// The server failed.
    public static let serverFailure = ResponseCode(rawValue: 2)
    /// The name does not exist.
    public static let nameError = ResponseCode(rawValue: 3)
    /// The kind of query is not served.
    public static let notImplemented = ResponseCode(rawValue: 4)
    /// The query is not served by policy.
    public static let refused = ResponseCode(rawValue: 5)
    /// The version of EDNS is not served (RFC 6891); needs an OPT record.
    public static let badVersion = ResponseCode(rawValue: 16)
    /// The server cookie is bad (RFC 7873); needs an OPT record.
    public static let badCookie = ResponseCode(rawValue: 23)

    /// The bits that stand in the header.
    var low: UInt8 { UInt8(truncatingIfNeeded: rawValue & 0xF) }

    /// The bits that stand in the OPT record.
    var high: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 4) }

    init(high: UInt8, low: UInt8) { self.init(rawValue: UInt16(high) << 4 | UInt16(low & 0xF)) }
}

extension ResponseCode: CustomStringConvertible {
    /// IANA's mnemonic, or `RCODE4095` for a number without one.
    public var description: String { DNSWords.responseCode(rawValue) }
}
