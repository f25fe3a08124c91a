internal import DNSPolicy

/// Writes one message into one buffer: questions and records in their order, and last the header.
///
/// Owners are compressed, and the data of NS, CNAME and PTR records; other names may not be (RFC 3597 4) or are not
/// worth it.
struct MessageWriter {
    private(set) var bytes: [UInt8]
    /// The number of octets a record may not exceed. Questions and OPT are written in any case.
    let limit: Int
    private var compression = CompressionTable()
    /// The first name and its offset, until another name is written that could end like it.
    private var unnoted: (name: [UInt8], offset: Int)?
    /// The last owner and where its labels lie: the next record has mostly the same.
    private var lastOwner: (name: DomainName, offset: Int)?
    private(set) var counts = Counts()

    /// Where a record stands.
    enum Section {
        case answer
        case authority
        case additional
    }

    /// How much stands in each section.
    struct Counts {
        var questions: UInt16 = 0
        var answers: UInt16 = 0
        var authority: UInt16 = 0
        var additional: UInt16 = 0
    }

    /// A place to go back to.
    struct Mark {
        let offset: Int
        let counts: Counts
    }

    init(limit: Int) {
        self.limit = limit
        bytes = []
        bytes.reserveCapacity(512)
        for _ in 0..<Header.length { bytes.append(0) }
    }

    var mark: Mark { Mark(offset: bytes.count, counts: counts) }

    /// Forgets everything behind this place.
    mutating func rewind(to mark: Mark) {
        bytes.removeLast(bytes.count - mark.offset)
        counts = mark.counts
        compression.truncate(to: mark.offset)
        if let lastOwner, lastOwner.offset >= mark.offset { self.lastOwner = nil }
    }

    mutating func append(_ question: Question) {
        if bytes.count == Header.length {
            lastOwner = (question.name, bytes.count)
            unnoted = (question.spelling, bytes.count)
            bytes += question.spelling
        } else {
            lastOwner = (question.name, append(name: question.spelling, isCaseMinded: true))
        }
        bytes.append(uint16: question.type.rawValue)
        bytes.append(uint16: question.recordClass.rawValue)
        counts.questions += 1
    }

    /// Appends records to a section; false when one didn't fit, which the caller then undoes.
    ///
    /// - Parameter age: Seconds that are taken from each TTL.
    mutating func append(_ records: [ResourceRecord], to section: Section, age: UInt32 = 0) -> Bool {
        for record in records {
            guard append(record, age: age) else { return false }
        }
        // The limit is below what 65535 records take.
        let count = UInt16(clamping: records.count)
        switch section {
        case .answer: counts.answers += count
        case .authority: counts.authority += count
        case .additional: counts.additional += count
        }
        return true
    }

    private mutating func append(_ record: ResourceRecord, age: UInt32) -> Bool {
        guard record.data.count <= Int(UInt16.max) else { return false }
        if let lastOwner, lastOwner.name == record.name, lastOwner.offset < 0x4000, !record.name.isRoot {
            bytes.append(uint16: 0xC000 | UInt16(lastOwner.offset))
        } else {
            lastOwner = (record.name, append(name: record.name.octets, isCaseMinded: false))
        }
        bytes.append(uint16: record.type.rawValue)
        bytes.append(uint16: record.recordClass.rawValue)
        bytes.append(uint32: record.ttl > age ? record.ttl - age : 0)
        let length = bytes.count
        bytes.append(uint16: UInt16(record.data.count))
        if RecordDataLayout.isCompressibleName(record.type), DomainName.isName(record.data.span) {
            _ = append(name: record.data, isCaseMinded: true)
            bytes.store(uint16: UInt16(bytes.count - length - 2), at: length)
        } else {
            bytes += record.data
        }
        return bytes.count <= limit
    }

    /// Appends the OPT record with the upper bits of the code; without it they are lost.
    mutating func append(_ edns: EDNS, code: ResponseCode) {
        bytes.append(0)
        bytes.append(uint16: RecordType.opt.rawValue)
        bytes.append(uint16: edns.payloadSize)
        bytes.append(code.high)
        bytes.append(edns.version)
        bytes.append(uint16: edns.isDNSSECOK ? 0x8000 : 0)
        let length = bytes.count
        bytes.append(uint16: 0)
        for option in edns.options {
            bytes.append(uint16: option.code)
            bytes.append(uint16: UInt16(clamping: option.data.count))
            bytes += option.data
        }
        bytes.store(uint16: UInt16(clamping: bytes.count - length - 2), at: length)
        counts.additional += 1
    }

    /// The message with its header filled in.
    consuming func finished(id: UInt16, flags: Header.Flags, opcode: Opcode, code: ResponseCode) -> [UInt8] {
        let header = Header(id: id, flags: flags, opcode: opcode, responseCode: code)
        bytes.store(uint16: header.id, at: 0)
        bytes.store(uint16: header.bits, at: 2)
        bytes.store(uint16: counts.questions, at: 4)
        bytes.store(uint16: counts.answers, at: 6)
        bytes.store(uint16: counts.authority, at: 8)
        bytes.store(uint16: counts.additional, at: 10)
        return bytes
    }

    /// Appends a name that is known to be one, from the first part that was written before as a pointer.
    ///
    /// - Parameter isCaseMinded: Whether only a part of the same upper and lower case is pointed to. An owner takes the
    ///   question's case with it.
    /// - Returns: Where the labels of the name lie, here or before.
    private mutating func append(name: [UInt8], isCaseMinded: Bool) -> Int {
        if let (first, offset) = unnoted {
            unnoted = nil
            let parts = NameParts(first)
            for index in 0..<parts.count {
                compression.insert(parts.hashes[index], at: offset + Int(parts.starts[index]))
            }
        }
        let parts = NameParts(name)
        let written = bytes.count
        for index in 0..<parts.count {
            let start = Int(parts.starts[index])
            if let offset = compression.offset(
                of: parts.hashes[index], name, from: start, isCaseMinded: isCaseMinded, in: bytes)
            {
                bytes.append(uint16: 0xC000 | UInt16(offset))
                return index == 0 ? offset : written
            }
            compression.insert(parts.hashes[index], at: bytes.count)
            bytes += name[start...start + Int(name[start])]
        }
        bytes.append(0)
        return written
    }
}
