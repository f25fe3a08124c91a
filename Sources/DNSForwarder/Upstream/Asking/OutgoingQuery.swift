internal import DNSPolicy

/// A query as it goes to an upstream, and what is an answer to it.
struct OutgoingQuery: Sendable {
    let id: UInt16
    let question: Question
    let isDNSSECOK: Bool
    let isCheckingDisabled: Bool
    /// Whether an answer must repeat the name letter for letter.
    let isCaseMinded: Bool

    /// What a message of an upstream is.
    enum Verdict: Sendable {
        /// The answer.
        case answer(Message)
        /// The answer, but cut: not to be used.
        case truncated
        /// The answer but for upper and lower case of the name: a careless upstream, or somebody who guessed the id.
        case otherSpelling
        /// No answer to this query, or not readable.
        case mismatch
    }

    /// A query for a stream, where nobody else can put in an answer.
    init(stream request: UpstreamRequest, id: UInt16) {
        self.init(request, id: id, question: request.question, isCaseMinded: false)
    }

    /// A query for a datagram: a random id, and the letters of the name in random upper and lower case, which an
    /// answer must repeat (draft-vixie-dnsext-dns0x20).
    init(
        datagram request: UpstreamRequest, using generator: inout some RandomNumberGenerator
    ) {
        let question = request.question
        let spelling = Self.randomCase(question.spelling, using: &generator)
        self.init(
            request, id: UInt16.random(in: 0...UInt16.max, using: &generator),
            question: Question(validated: spelling, question.type, question.recordClass), isCaseMinded: true)
    }

    private init(_ request: UpstreamRequest, id: UInt16, question: Question, isCaseMinded: Bool) {
        self.id = id
        self.question = question
        self.isCaseMinded = isCaseMinded
        isDNSSECOK = request.isDNSSECOK
        isCheckingDisabled = request.isCheckingDisabled
    }

    /// The query in wire form.
    var bytes: [UInt8] {
        Message(query: question, id: id, isDNSSECOK: isDNSSECOK, isCheckingDisabled: isCheckingDisabled).encoded()
    }

    /// Compares a message with the query: an answer, of a standard query, with this id and exactly this question.
    ///
    /// Header and question come first, so that a cut message counts as such wherever it was cut.
    func verdict(on bytes: [UInt8]) -> Verdict {
        let span = bytes.span
        guard let header = try? Header(decoding: span), header.id == id, header.flags.contains(.response),
            header.opcode == .query, header.questionCount == 1
        else { return .mismatch }
        var cursor = WireCursor(span, offset: Header.length)
        guard let repeated = try? cursor.question(in: span), repeated.asksSame(as: question) else { return .mismatch }
        guard !isCaseMinded || repeated.spelling == question.spelling else { return .otherSpelling }
        guard !header.flags.contains(.truncated) else { return .truncated }
        guard var message = try? Message(decoding: span) else { return .mismatch }
        // The random letters were between the upstream and us.
        message.questions = [Question(question.name, question.type, question.recordClass)]
        return .answer(message)
    }

    private static func randomCase(_ spelling: [UInt8], using generator: inout some RandomNumberGenerator) -> [UInt8] {
        var spelling = spelling
        var bits: UInt64 = 0
        var left = 0
        for index in spelling.indices where spelling[index].foldedASCII &- UInt8(ascii: "a") < 26 {
            if left == 0 { (bits, left) = (generator.next(), 64) }
            // A length octet is at most 63 and so never a letter.
            if bits & 1 == 1 { spelling[index] ^= 0x20 }
            bits >>= 1
            left -= 1
        }
        return spelling
    }
}
