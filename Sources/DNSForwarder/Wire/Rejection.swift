/// A query that is answered by a code and nothing else.
public struct Rejection: Hashable, Sendable {
    /// The answer repeats it.
    public let id: UInt16
    /// The answer repeats it, also when it is none we know.
    public let opcode: Opcode
    /// RD and CD, which the answer repeats.
    public let flags: Header.Flags
    /// The code of the answer.
    public let responseCode: ResponseCode
    /// The question, which the answer repeats; nil when it was not read.
    public let question: Question?
    /// Whether the query had an OPT record, and the answer gets one.
    public let hasEDNS: Bool
    /// DO, which the answer's OPT record repeats.
    public let isDNSSECOK: Bool

    init(_ code: ResponseCode, _ header: Header, _ question: Question? = nil, _ opt: OPTFields? = nil) {
        id = header.id
        opcode = header.opcode
        flags = header.flags.intersection([.recursionDesired, .checkingDisabled])
        responseCode = code
        self.question = question
        hasEDNS = opt != nil
        isDNSSECOK = opt?.isDNSSECOK ?? false
    }

    /// The answer: a header, and question and OPT record where the query had them. At most 282 octets.
    public func encoded() -> [UInt8] {
        var writer = MessageWriter(limit: 512)
        if let question { writer.append(question) }
        if hasEDNS { writer.append(EDNS(isDNSSECOK: isDNSSECOK), code: responseCode) }
        return writer.finished(
            id: id, flags: flags.union([.response, .recursionAvailable]), opcode: opcode, code: responseCode)
    }
}
