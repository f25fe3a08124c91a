extension Message {
    /// The message in wire form. When it would take more than `limit` octets, 65535 at most, its records are left out
    /// and TC is set.
    ///
    /// Without an OPT record a code above 15 is written as SERVFAIL, for its upper bits would be lost.
    public func encoded(limit: Int = 65535) -> [UInt8] {
        let options = edns.map { $0.options.reduce(11) { $0 + 4 + $1.data.count } } ?? 0
        var writer = MessageWriter(limit: min(limit, Answer.tcpLimit) - options)
        for question in questions { writer.append(question) }
        let mark = writer.mark
        var flags = flags
        if !writer.append(answers, to: .answer) || !writer.append(authority, to: .authority)
            || !writer.append(additional, to: .additional)
        {
            writer.rewind(to: mark)
            flags.insert(.truncated)
        }
        if let edns { writer.append(edns, code: responseCode) }
        let code = edns == nil && responseCode.high > 0 ? .serverFailure : responseCode
        return writer.finished(id: id, flags: flags, opcode: opcode, code: code)
    }
}
