public import DNSPolicy

/// What a query asks for (RFC 1035 4.1.2).
public struct Question: Hashable, Sendable {
    /// The name, its letters in lower case.
    public let name: DomainName
    /// The type asked for.
    public let type: RecordType
    /// The class asked for.
    public let recordClass: RecordClass
    /// The name in wire form with its letters as they were received; an answer repeats them.
    public let spelling: [UInt8]

    /// A question for a name in lower case.
    public init(_ name: DomainName, _ type: RecordType, _ recordClass: RecordClass = .internet) {
        self.name = name
        self.type = type
        self.recordClass = recordClass
        spelling = name.octets
    }

    /// A question for a name in wire form whose letters are kept as they are; nil when it isn't one.
    public init?(spelling: [UInt8], _ type: RecordType, _ recordClass: RecordClass = .internet) {
        guard DomainName.isName(spelling.span) else { return nil }
        self.init(validated: spelling, type, recordClass)
    }

    init(validated spelling: [UInt8], _ type: RecordType, _ recordClass: RecordClass) {
        name = DomainName(folding: spelling)
        self.type = type
        self.recordClass = recordClass
        self.spelling = spelling
    }

    /// The octets of the question as they stand in a message.
    public var octets: [UInt8] {
        var octets = spelling
        octets.append(uint16: type.rawValue)
        octets.append(uint16: recordClass.rawValue)
        return octets
    }

    /// Whether the other asks for the same, upper and lower case not minded; `==` minds them.
    public func asksSame(as other: Question) -> Bool {
        name == other.name && type == other.type && recordClass == other.recordClass
    }
}

extension WireCursor {
    mutating func question(in message: Span<UInt8>) throws(WireFault) -> Question {
        let spelling = try spelling(in: message)
        let type = RecordType(rawValue: try uint16(in: message))
        return Question(validated: spelling, type, RecordClass(rawValue: try uint16(in: message)))
    }
}
