/// A good query of a client: what an answer needs to know of it.
public struct ClientQuery: Hashable, Sendable {
    /// The answer repeats it.
    public let id: UInt16
    /// The only question.
    public let question: Question
    /// RD: the client wants the name to be looked up elsewhere; the answer repeats it.
    public let isRecursionDesired: Bool
    /// CD: the client validates itself; the answer repeats it.
    public let isCheckingDisabled: Bool
    /// AD: the client understands that bit in the answer (RFC 6840 5.7).
    public let isAuthenticDataWanted: Bool
    /// DO: the client wants DNSSEC records (RFC 3225).
    public let isDNSSECOK: Bool
    /// The payload size of the OPT record in octets; nil when the query had none.
    public let payloadSize: UInt16?

    /// A query of these parts.
    public init(
        id: UInt16, question: Question, isRecursionDesired: Bool = true, isCheckingDisabled: Bool = false,
        isAuthenticDataWanted: Bool = false, isDNSSECOK: Bool = false, payloadSize: UInt16? = nil
    ) {
        self.id = id
        self.question = question
        self.isRecursionDesired = isRecursionDesired
        self.isCheckingDisabled = isCheckingDisabled
        self.isAuthenticDataWanted = isAuthenticDataWanted
        self.isDNSSECOK = isDNSSECOK
        self.payloadSize = payloadSize
    }

    init(_ header: Header, _ question: Question, _ opt: OPTFields?) {
        self.init(
            id: header.id, question: question, isRecursionDesired: header.flags.contains(.recursionDesired),
            isCheckingDisabled: header.flags.contains(.checkingDisabled),
            isAuthenticDataWanted: header.flags.contains(.authenticData), isDNSSECOK: opt?.isDNSSECOK ?? false,
            payloadSize: opt?.payloadSize)
    }

    /// Whether the query had an OPT record, and the answer gets one.
    public var hasEDNS: Bool { payloadSize != nil }

    /// The longest answer over UDP in octets: what the client takes, 512 at least (RFC 6891 6.2.3), and no more than
    /// crosses every network.
    public var udpLimit: Int { min(max(Int(payloadSize ?? 512), 512), Int(EDNS.ownPayloadSize)) }
}
