public import DNSPolicy

/// A resource record (RFC 1035 4.1.3) that can stand in any message: no name in it is compressed.
public struct ResourceRecord: Hashable, Sendable {
    /// The owner, its letters in lower case.
    public var name: DomainName
    /// The type.
    public var type: RecordType
    /// The class.
    public var recordClass: RecordClass
    /// How long it may be kept, in seconds: 0...2147483647.
    public var ttl: UInt32
    /// The data in wire form. Names in it are uncompressed and keep their upper and lower case.
    public var data: [UInt8]

    /// A record of raw data.
    public init(
        name: DomainName, type: RecordType, recordClass: RecordClass = .internet, ttl: UInt32, data: [UInt8]
    ) {
        self.name = name
        self.type = type
        self.recordClass = recordClass
        self.ttl = ttl
        self.data = data
    }
}

/// The fixed fields of a record in a message, and where its data starts.
struct RecordHeader {
    let type: RecordType
    let recordClass: RecordClass
    let ttl: UInt32
    let length: Int
}

extension WireCursor {
    /// Reads the fields between owner and data.
    mutating func recordHeader(in message: Span<UInt8>) throws(WireFault) -> RecordHeader {
        guard remaining >= 10 else { throw .truncated(offset: offset) }
        let start = offset
        try skip(10)
        return RecordHeader(
            type: RecordType(rawValue: message.uint16(at: start)),
            recordClass: RecordClass(rawValue: message.uint16(at: start + 2)),
            ttl: message.uint32(at: start + 4), length: Int(message.uint16(at: start + 8)))
    }
}
