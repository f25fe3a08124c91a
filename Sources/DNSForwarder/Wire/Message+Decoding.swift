internal import DNSPolicy

extension Message {
    /// Reads a message; the rules of ``init(decoding:)-(Span<UInt8>)``.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let span = bytes.span
        try self.init(decoding: span)
    }

    /// Reads a message, strictly, answers no less than queries: octets behind the last record are a fault too.
    ///
    /// The counts are checked against the octets that are left before memory is taken, and the work is linear in the
    /// message's length. A TTL with its top bit set is 0 (RFC 2181 8).
    public init(decoding message: Span<UInt8>) throws(WireFault) {
        let header = try Header(decoding: message)
        guard header.smallestBody <= message.count - Header.length else { throw .countsTooLarge }
        var cursor = WireCursor(message, offset: Header.length)
        self.init(id: header.id, flags: header.flags, opcode: header.opcode, responseCode: header.responseCode)
        questions.reserveCapacity(Int(header.questionCount))
        for _ in 0..<header.questionCount { questions.append(try cursor.question(in: message)) }
        var owners = OwnerReader()
        if let question = questions.first { owners.note(question.name, at: Header.length) }
        answers = try cursor.section(header.answerCount, &owners, in: message)
        authority = try cursor.section(header.authorityCount, &owners, in: message)
        additional.reserveCapacity(Int(header.additionalCount))
        for _ in 0..<header.additionalCount {
            let start = cursor.offset
            let owner = try owners.name(&cursor, in: message)
            let fields = try cursor.recordHeader(in: message)
            if fields.type == .opt {
                guard edns == nil else { throw .repeatedOPT }
                guard message[start] == 0 else { throw .ownedOPT }
                let opt = OPTFields(fields)
                responseCode = ResponseCode(high: opt.codeHigh, low: header.responseCode.low)
                edns = EDNS(opt, options: try cursor.options(length: fields.length, in: message))
            } else {
                additional.append(try cursor.record(owner, fields, in: message))
            }
        }
        guard cursor.remaining == 0 else { throw .trailingOctets(cursor.remaining) }
    }
}

/// Reads owners, most of which are the same pointer again and again: that name is shared instead of read anew.
private struct OwnerReader {
    private var last: (target: UInt16, name: DomainName)?

    mutating func note(_ name: DomainName, at offset: Int) { last = (UInt16(clamping: offset), name) }

    mutating func name(_ cursor: inout WireCursor, in message: Span<UInt8>) throws(WireFault) -> DomainName {
        guard cursor.remaining >= 2, case let pointer = message.uint16(at: cursor.offset), pointer >= 0xC000 else {
            return try cursor.name(in: message)
        }
        if let last, last.target == pointer & 0x3FFF {
            try cursor.skip(2)
            return last.name
        }
        let name = try cursor.name(in: message)
        last = (pointer & 0x3FFF, name)
        return name
    }
}

extension WireCursor {
    fileprivate mutating func section(
        _ count: UInt16, _ owners: inout OwnerReader, in message: Span<UInt8>
    ) throws(WireFault) -> [ResourceRecord] {
        var records: [ResourceRecord] = []
        records.reserveCapacity(Int(count))
        for _ in 0..<count {
            let owner = try owners.name(&self, in: message)
            let fields = try recordHeader(in: message)
            guard fields.type != .opt else { throw .misplacedOPT }
            records.append(try record(owner, fields, in: message))
        }
        return records
    }

    fileprivate mutating func record(
        _ owner: DomainName, _ fields: RecordHeader, in message: Span<UInt8>
    ) throws(WireFault) -> ResourceRecord {
        let data = try recordData(of: fields.type, fields.recordClass, length: fields.length, in: message)
        return ResourceRecord(
            name: owner, type: fields.type, recordClass: fields.recordClass,
            ttl: fields.ttl > UInt32(Int32.max) ? 0 : fields.ttl, data: data)
    }

    fileprivate mutating func options(length: Int, in message: Span<UInt8>) throws(WireFault) -> [EDNS.Option] {
        var part = try part(length: length)
        var options: [EDNS.Option] = []
        try part.forEachOption(in: message) { code, data in
            options.append(EDNS.Option(code: code, data: data.rest(of: message)))
        }
        return options
    }
}

extension EDNS {
    fileprivate init(_ fields: OPTFields, options: [Option]) {
        self.init(
            payloadSize: fields.payloadSize, version: fields.version, isDNSSECOK: fields.isDNSSECOK, options: options)
    }
}
