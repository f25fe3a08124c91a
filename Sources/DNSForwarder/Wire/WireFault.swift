public import DNSPolicy

/// Why bytes are no DNS message. Offsets count octets from the start of the message.
public enum WireFault: Error, Hashable, Sendable {
    /// The message, or the RDATA of a record, ends inside the field at this offset.
    case truncated(offset: Int)
    /// A length octet with the reserved bits 01 or 10 (RFC 6891 5 gave up their only use).
    case reservedLabel(UInt8, offset: Int)
    /// A compression pointer at this offset that leads into the header, to itself or forwards, or to labels that run
    /// into the name that points.
    case badPointer(offset: Int)
    /// A name of more than 255 octets that starts at this offset.
    case nameTooLong(offset: Int)
    /// The counts of the header ask for more questions and records than the bytes can hold.
    case countsTooLarge
    /// RDATA at this offset that has not the layout of its type.
    case badRecordData(RecordType, offset: Int)
    /// A second OPT record (RFC 6891 6.1.1).
    case repeatedOPT
    /// An OPT record outside the additional section (RFC 6891 6.1.1).
    case misplacedOPT
    /// An OPT record whose owner is not the root (RFC 6891 6.1.2).
    case ownedOPT
    /// An OPT record with more than 256 options.
    case tooManyOptions
    /// This many octets behind the last record.
    case trailingOctets(Int)
}

extension WireFault: CustomStringConvertible {
    /// The fault in one line, lower case, without a full stop and without any octet of a name.
    public var description: String {
        switch self {
        case .truncated(let offset): "the field at octet \(offset) is cut off"
        case .reservedLabel(let octet, let offset): "length octet \(octet) at octet \(offset) is of a reserved kind"
        case .badPointer(let offset): "the compression pointer at octet \(offset) does not lead to an earlier name"
        case .nameTooLong(let offset): "the name at octet \(offset) has more than 255 octets"
        case .countsTooLarge: "the header counts more records than the message can hold"
        case .badRecordData(let type, let offset): "the data at octet \(offset) is no \(type) record"
        case .repeatedOPT: "two OPT records"
        case .misplacedOPT: "an OPT record outside the additional section"
        case .ownedOPT: "an OPT record whose owner is not the root"
        case .tooManyOptions: "an OPT record of more than 256 options"
        case .trailingOctets(let count): "\(count) octets behind the last record"
        }
    }
}
