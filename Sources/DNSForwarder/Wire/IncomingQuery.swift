internal import DNSPolicy

/// What a datagram, or a message of a TCP stream, from a client is. RFC 8906 says how each must be answered.
public enum IncomingQuery: Hashable, Sendable {
    /// No query: an answer (QR=1), or fewer octets than a header has. It gets no answer, else two servers could be made
    /// to talk to each other for ever.
    case ignore
    /// A query that is answered by its fault alone.
    case reject(Rejection)
    /// A question for type ANY: gets a minimal answer (RFC 8482) and is not sent upstream.
    case minimalAny(ClientQuery)
    /// A question to answer.
    case query(ClientQuery)

    /// Reads a query; the rules of ``init(_:)-(Span<UInt8>)``.
    public init(_ bytes: [UInt8]) {
        let span = bytes.span
        self.init(span)
    }

    /// Reads a query without reading out its records: at most two allocations, the name and its other spelling.
    ///
    /// Unknown EDNS options and flags, the reserved bit of the header, its code and AA, TC and RA are ignored, and so
    /// are records besides OPT, though they must be whole.
    public init(_ message: Span<UInt8>) {
        guard let header = try? Header(decoding: message), !header.flags.contains(.response) else {
            self = .ignore
            return
        }
        guard header.opcode == .query else {
            self = .reject(Rejection(.notImplemented, header))
            return
        }
        guard header.questionCount == 1, header.smallestBody <= message.count - Header.length else {
            self = .reject(Rejection(.formatError, header))
            return
        }
        var cursor = WireCursor(message, offset: Header.length)
        guard let question = try? cursor.question(in: message) else {
            self = .reject(Rejection(.formatError, header))
            return
        }
        var opt: OPTFields?
        do {
            try cursor.findOPT(header, in: message, &opt)
        } catch {
            self = .reject(Rejection(.formatError, header, question, opt))
            return
        }
        if let opt, opt.version > 0 {
            self = .reject(Rejection(.badVersion, header, question, opt))
        } else if let code = question.refusal {
            self = .reject(Rejection(code, header, question, opt))
        } else {
            let query = ClientQuery(header, question, opt)
            self = question.type == .any ? .minimalAny(query) : .query(query)
        }
    }
}

extension Question {
    /// The code for a question that is never asked upstream.
    fileprivate var refusal: ResponseCode? {
        guard recordClass == .internet else { return .refused }
        switch type {
        case .axfr, .ixfr: return .refused
        // Types that stand in messages but not in zones (RFC 6895 3.1), and RFC 9824 3.5.
        case .opt, .nxname, .tkey, .tsig, .mailb, .maila: return .formatError
        default: return nil
        }
    }
}

extension WireCursor {
    /// Walks the records of all sections. What was read of the first OPT record is kept when a fault is met later.
    fileprivate mutating func findOPT(
        _ header: Header, in message: Span<UInt8>, _ opt: inout OPTFields?
    ) throws(WireFault) {
        let others = Int(header.answerCount) + Int(header.authorityCount)
        for index in 0..<others + Int(header.additionalCount) {
            let start = offset
            try skipName(in: message)
            let fields = try recordHeader(in: message)
            var data = try part(length: fields.length)
            guard fields.type == .opt else { continue }
            guard index >= others else { throw .misplacedOPT }
            guard opt == nil else { throw .repeatedOPT }
            guard message[start] == 0 else { throw .ownedOPT }
            let found = OPTFields(fields)
            opt = found
            // The options of another version may have another form.
            if found.version == 0 { try data.forEachOption(in: message) { _, _ in } }
        }
        guard remaining == 0 else { throw .trailingOctets(remaining) }
    }
}
