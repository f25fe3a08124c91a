internal import DNSPolicy

/// What a client is answered, before it is written for one query: the same answer serves many.
public struct Answer: Hashable, Sendable {
    /// The longest message over TCP, in octets.
    public static let tcpLimit = 65535

    /// The outcome.
    public var responseCode: ResponseCode
    /// AA: the names are our own.
    public var isAuthoritative: Bool
    /// AD: the upstream server validated everything in it.
    public var isAuthentic: Bool
    /// The answer section.
    public var answers: [ResourceRecord]
    /// The authority section: an SOA record in a negative answer (RFC 2308 2).
    public var authority: [ResourceRecord]
    /// The additional section; left out when it doesn't fit.
    public var additional: [ResourceRecord]
    /// Why the answer is what it is, for clients with EDNS.
    public var error: ExtendedError?
    /// What an upstream said of its answer, which is told where `error` says nothing.
    public var upstreamError: ExtendedError?

    /// An answer of these parts.
    public init(
        _ responseCode: ResponseCode = .noError, isAuthoritative: Bool = false, isAuthentic: Bool = false,
        answers: [ResourceRecord] = [], authority: [ResourceRecord] = [], additional: [ResourceRecord] = [],
        error: ExtendedError? = nil
    ) {
        self.responseCode = responseCode
        self.isAuthoritative = isAuthoritative
        self.isAuthentic = isAuthentic
        self.answers = answers
        self.authority = authority
        self.additional = additional
        self.error = error
    }

    /// Whether it says something about the name: everything else is a failure of who answers (RFC 8767 4).
    var isSuccess: Bool { responseCode == .noError || responseCode == .nameError }

    /// The answer after its records were changed here: AD is cleared, and signatures and what the upstream said of it are
    /// removed, which no longer fit.
    public func edited() -> Answer {
        var edited = self
        edited.isAuthentic = false
        edited.upstreamError = nil
        edited.answers.removeAll { $0.type == .rrsig }
        edited.authority.removeAll { $0.type == .rrsig }
        edited.additional.removeAll { $0.type == .rrsig }
        return edited
    }

    /// The answer to a query, in wire form.
    ///
    /// The question is repeated with its own upper and lower case; RD, CD and DO are repeated, no other bit of the
    /// query is. AD is set when the query had AD or DO (RFC 6840 5.8). There is an OPT record, with our own payload
    /// size, when the query had one. When answer and authority section don't fit, not even without the text of the
    /// extended error, all records are left out and TC is set; the additional section alone is left out silently
    /// (RFC 2181 9).
    ///
    /// - Parameters:
    ///   - limit: The most octets: ``ClientQuery/udpLimit`` or ``tcpLimit``; taken as 512 when below.
    ///   - age: Seconds since the records were received, which are taken from each TTL.
    public func encoded(for query: ClientQuery, limit: Int, age: UInt32 = 0) -> [UInt8] {
        let error = query.hasEDNS ? error ?? upstreamError : nil
        let whole = encoded(for: query, limit: limit, age: age, error)
        // What explains an answer must not cost it (RFC 8914 3).
        guard whole.isTruncated, let error, !error.text.isEmpty else { return whole.bytes }
        let terse = encoded(for: query, limit: limit, age: age, ExtendedError(error.code))
        return terse.isTruncated ? whole.bytes : terse.bytes
    }

    private func encoded(
        for query: ClientQuery, limit: Int, age: UInt32, _ error: ExtendedError?
    ) -> (bytes: [UInt8], isTruncated: Bool) {
        let edns = query.hasEDNS ? EDNS(isDNSSECOK: query.isDNSSECOK, options: error.map { [.init($0)] } ?? []) : nil
        let opt = edns.map { $0.options.reduce(11) { $0 + 4 + $1.data.count } } ?? 0
        var writer = MessageWriter(limit: min(max(limit, 512), Self.tcpLimit) - opt)
        writer.append(query.question)
        var flags = flags(for: query)
        var mark = writer.mark
        if writer.append(answers, to: .answer, age: age), writer.append(authority, to: .authority, age: age) {
            mark = writer.mark
            if !writer.append(additional, to: .additional, age: age) { writer.rewind(to: mark) }
        } else {
            writer.rewind(to: mark)
            flags.remove(.authenticData)
            flags.insert(.truncated)
        }
        let code = !query.hasEDNS && responseCode.high > 0 ? .serverFailure : responseCode
        if let edns { writer.append(edns, code: code) }
        let bytes = writer.finished(id: query.id, flags: flags, opcode: .query, code: code)
        return (bytes, flags.contains(.truncated))
    }

    private func flags(for query: ClientQuery) -> Header.Flags {
        var flags: Header.Flags = [.response, .recursionAvailable]
        if query.isRecursionDesired { flags.insert(.recursionDesired) }
        if query.isCheckingDisabled { flags.insert(.checkingDisabled) }
        if isAuthoritative { flags.insert(.authoritative) }
        if isAuthentic, query.isAuthenticDataWanted || query.isDNSSECOK { flags.insert(.authenticData) }
        return flags
    }
}
