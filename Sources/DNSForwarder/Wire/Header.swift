/// The twelve octets every message starts with (RFC 1035 4.1.1, RFC 4035 3.1.6, RFC 4035 3.2.2).
public struct Header: Hashable, Sendable {
    /// The length of a header in octets.
    public static let length = 12

    /// Matches an answer to its query.
    public var id: UInt16
    /// The single bits.
    public var flags: Flags
    /// The kind of query.
    public var opcode: Opcode
    /// The low four bits of the outcome.
    public var responseCode: ResponseCode
    /// The number of questions.
    public var questionCount: UInt16
    /// The number of records in the answer section.
    public var answerCount: UInt16
    /// The number of records in the authority section.
    public var authorityCount: UInt16
    /// The number of records in the additional section, OPT included.
    public var additionalCount: UInt16

    /// A header with these fields; the code is cut to the four bits that fit.
    public init(
        id: UInt16, flags: Flags = [], opcode: Opcode = .query, responseCode: ResponseCode = .noError,
        questionCount: UInt16 = 0, answerCount: UInt16 = 0, authorityCount: UInt16 = 0, additionalCount: UInt16 = 0
    ) {
        self.id = id
        self.flags = flags
        self.opcode = opcode
        self.responseCode = ResponseCode(high: 0, low: responseCode.low)
        self.questionCount = questionCount
        self.answerCount = answerCount
        self.authorityCount = authorityCount
        self.additionalCount = additionalCount
    }

    /// Reads the header of a message.
    ///
    /// - Throws: ``WireFault/truncated(offset:)`` when it has fewer than twelve octets.
    public init(decoding message: Span<UInt8>) throws(WireFault) {
        guard message.count >= Self.length else { throw .truncated(offset: message.count) }
        let bits = message.uint16(at: 2)
        self.init(
            id: message.uint16(at: 0), flags: Flags(rawValue: bits).intersection(.all),
            opcode: Opcode(rawValue: UInt8(truncatingIfNeeded: bits >> 11)),
            responseCode: ResponseCode(rawValue: bits & 0xF),
            questionCount: message.uint16(at: 4), answerCount: message.uint16(at: 6),
            authorityCount: message.uint16(at: 8), additionalCount: message.uint16(at: 10))
    }

    /// The second pair of octets: flags, opcode and code.
    var bits: UInt16 {
        flags.intersection(.all).rawValue | UInt16(opcode.rawValue) << 11 | UInt16(responseCode.low)
    }

    /// The fewest octets that hold this many questions (5 each) and records (11 each) behind the header.
    var smallestBody: Int {
        5 * Int(questionCount) + 11 * (Int(answerCount) + Int(authorityCount) + Int(additionalCount))
    }
}

extension Header {
    /// The single bits of a header, at their places in its second pair of octets.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The bits of the second pair of octets; those of opcode and code are not used.
        public let rawValue: UInt16

        /// The flags at these bits.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// QR: an answer, not a query.
        public static let response = Flags(rawValue: 0x8000)
        /// AA: from the authority of the name.
        public static let authoritative = Flags(rawValue: 0x0400)
        /// TC: cut to the size of the transport.
        public static let truncated = Flags(rawValue: 0x0200)
        /// RD: recursion is asked for; an answer repeats it.
        public static let recursionDesired = Flags(rawValue: 0x0100)
        /// RA: recursion is offered.
        public static let recursionAvailable = Flags(rawValue: 0x0080)
        /// Z: reserved; ignored in queries, never set in answers (RFC 8906 8.1.3.1).
        public static let reserved = Flags(rawValue: 0x0040)
        /// AD: the data was validated; in a query: the client understands the bit (RFC 6840 5.7).
        public static let authenticData = Flags(rawValue: 0x0020)
        /// CD: the client validates itself (RFC 4035 3.2.2).
        public static let checkingDisabled = Flags(rawValue: 0x0010)

        static let all: Flags = [
            .response, .authoritative, .truncated, .recursionDesired, .recursionAvailable, .reserved, .authenticData,
            .checkingDisabled,
        ]
    }
}
