import DNSPolicy

/// Where names lie in the RDATA of a type that may hold compressed ones: those of RFC 1035, and those a receiver should
/// decompress by RFC 3597 4. All other types are opaque.
struct RecordDataLayout {
    /// Octets before the names, or before the strings of NAPTR.
    var prefix = 0
    /// Strings with a length octet before the names.
    var strings = 0
    var names = 1
    /// Octets behind the names; nil: any number.
    var suffix: Int? = 0

    static func of(_ type: RecordType) -> RecordDataLayout? {
        switch type {
        case .ns, .md, .mf, .cname, .mb, .mg, .mr, .ptr, .dname: RecordDataLayout()
        case .soa: RecordDataLayout(names: 2, suffix: 20)
        case .minfo, .rp: RecordDataLayout(names: 2)
        case .mx, .afsdb, .rt, .kx: RecordDataLayout(prefix: 2)
        case .px: RecordDataLayout(prefix: 2, names: 2)
        case .srv: RecordDataLayout(prefix: 6)
        case .naptr: RecordDataLayout(prefix: 4, strings: 3)
        case .sig: RecordDataLayout(prefix: 18, suffix: nil)
        case .nxt: RecordDataLayout(suffix: nil)
        default: nil
        }
    }

    /// Whether RDATA of the type is one name and nothing else, and may be compressed when written (RFC 1035).
    static func isCompressibleName(_ type: RecordType) -> Bool { type == .cname || type == .ptr || type == .ns }
}

extension WireCursor {
    /// Reads RDATA of this many octets, so that it can stand in another message: names in it are decompressed.
    ///
    /// - Throws: ``WireFault/badRecordData(_:offset:)`` when a type with a layout or an address hasn't exactly its
    ///   octets.
    mutating func recordData(
        of type: RecordType, _ recordClass: RecordClass, length: Int, in message: Span<UInt8>
    ) throws(WireFault) -> [UInt8] {
        let start = offset
        var part = try part(length: length)
        guard let layout = RecordDataLayout.of(type) else {
            if recordClass == .internet {
                let wanted = type == .a ? 4 : type == .aaaa ? 16 : length
                guard length == wanted else { throw .badRecordData(type, offset: start) }
            }
            return message.array(start..<offset)
        }
        do {
            return try part.recordData(layout, in: message)
        } catch .truncated {
            throw .badRecordData(type, offset: start)
        }
    }

    private mutating func recordData(
        _ layout: RecordDataLayout, in message: Span<UInt8>
    ) throws(WireFault) -> [UInt8] {
        let start = offset
        try skip(layout.prefix)
        for _ in 0..<layout.strings { try skipString(in: message) }
        var data: [UInt8] = []
        data.reserveCapacity(max(64, end - start))
        data.append(message, start..<offset)
        for _ in 0..<layout.names { try copyName(in: message, to: &data) }
        guard layout.suffix == nil || layout.suffix == remaining else { throw .truncated(offset: offset) }
        data.append(message, offset..<end)
        return data
    }
}
