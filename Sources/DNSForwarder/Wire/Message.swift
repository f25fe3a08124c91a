/// A whole DNS message (RFC 1035 4), without compression and with its OPT record taken apart.
public struct Message: Hashable, Sendable {
    /// Matches an answer to its query.
    public var id: UInt16
    /// The single bits of the header.
    public var flags: Header.Flags
    /// The kind of query.
    public var opcode: Opcode
    /// The outcome, with the upper bits of an OPT record.
    public var responseCode: ResponseCode
    /// The questions, mostly one.
    public var questions: [Question]
    /// The answer section.
    public var answers: [ResourceRecord]
    /// The authority section.
    public var authority: [ResourceRecord]
    /// The additional section without OPT.
    public var additional: [ResourceRecord]
    /// The OPT record.
    public var edns: EDNS?

    /// A message of these parts.
    public init(
        id: UInt16, flags: Header.Flags = [], opcode: Opcode = .query, responseCode: ResponseCode = .noError,
        questions: [Question] = [], answers: [ResourceRecord] = [], authority: [ResourceRecord] = [],
        additional: [ResourceRecord] = [], edns: EDNS? = nil
    ) {
        self.id = id
        self.flags = flags
        self.opcode = opcode
        self.responseCode = responseCode
        self.questions = questions
        self.answers = answers
        self.authority = authority
        self.additional = additional
        self.edns = edns
    }

    /// The query for an upstream server: recursion desired, an OPT record of our own without options.
    public init(query question: Question, id: UInt16, isDNSSECOK: Bool, isCheckingDisabled: Bool) {
        let flags: Header.Flags = isCheckingDisabled ? [.recursionDesired, .checkingDisabled] : .recursionDesired
        self.init(id: id, flags: flags, questions: [question], edns: EDNS(isDNSSECOK: isDNSSECOK))
    }

    /// How long a negative answer may be kept, in seconds: the smaller of the TTL and the minimum of the SOA record in
    /// the authority section (RFC 2308 5); nil without one, then it must not be kept.
    public var negativeTTL: UInt32? {
        for record in authority {
            if let authority = record.startOfAuthority { return min(record.ttl, authority.minimum) }
        }
        return nil
    }
}
