import DNSPolicy

extension WireCursor {
    /// What a name in a message takes: octets without compression, and where the reading goes on behind it.
    struct NameExtent {
        let length: Int
        let next: Int
    }

    /// Checks the name at this place (RFC 1035 4.1.4) without reading it out.
    ///
    /// A pointer must lead to an offset before the run of labels it ends, behind the header, and the labels there must
    /// end before that run starts: every jump goes strictly backwards, so that a name costs at most 255 octets and as
    /// many steps as it has labels and pointers. Pointers are bounded too, by the number of labels a name can have.
    func measureName(in message: Span<UInt8>) throws(WireFault) -> NameExtent {
        var (run, limit) = (offset, end)
        var place = offset
        var (length, pointers) = (0, 0)
        var next = offset
        while place < limit {
            let octet = message[place]
            switch octet & 0xC0 {
            case 0:
                place += 1 + Int(octet)
                length += 1 + Int(octet)
                guard length <= DomainName.maximumLength else { throw .nameTooLong(offset: offset) }
                if octet == 0 { return NameExtent(length: length, next: pointers == 0 ? place : next) }
            case 0xC0:
                guard place + 1 < limit else { throw .truncated(offset: place) }
                if pointers == 0 { next = place + 2 }
                pointers += 1
                let target = Int(message.uint16(at: place) & 0x3FFF)
                guard target >= Header.length, target < run, pointers <= Self.mostPointers else {
                    throw .badPointer(offset: place)
                }
                (place, run, limit) = (target, target, run)
            default:
                throw .reservedLabel(octet, offset: place)
            }
        }
        throw pointers == 0 ? .truncated(offset: offset) : .badPointer(offset: offset)
    }

    /// One for each label a name can have.
    private static let mostPointers = 127

    /// Moves behind a name that is not read. A pointer must lead to an earlier octet, but is not followed.
    mutating func skipName(in message: Span<UInt8>) throws(WireFault) {
        let start = offset
        while offset < end {
            let place = offset
            let octet = message[place]
            switch octet & 0xC0 {
            case 0:
                move(to: place + 1 + Int(octet))
                guard offset - start <= DomainName.maximumLength else { throw .nameTooLong(offset: start) }
                if octet == 0 { return }
            case 0xC0:
                try skip(2)
                let target = Int(message.uint16(at: place) & 0x3FFF)
                guard target >= Header.length, target < start else { throw .badPointer(offset: place) }
                return
            default:
                throw .reservedLabel(octet, offset: place)
            }
        }
        throw .truncated(offset: start)
    }

    /// Reads a name without compression, its letters in lower case.
    mutating func name(in message: Span<UInt8>) throws(WireFault) -> DomainName {
        var octets = try spelling(in: message)
        for index in octets.indices { octets[index] = octets[index].foldedASCII }
        return DomainName(validated: octets)
    }

    /// Reads a name without compression, its letters as they are.
    mutating func spelling(in message: Span<UInt8>) throws(WireFault) -> [UInt8] {
        var octets: [UInt8] = []
        try copyName(in: message, to: &octets)
        return octets
    }

    /// Appends a name without compression, its letters as they are.
    mutating func copyName(in message: Span<UInt8>, to output: inout [UInt8]) throws(WireFault) {
        let extent = try measureName(in: message)
        output.reserveCapacity(output.count + extent.length)
        var place = offset
        move(to: extent.next)
        while true {
            // Labels up to a pointer or the root are copied at once.
            let run = place
            while (1...63).contains(message[place]) { place += 1 + Int(message[place]) }
            if message[place] == 0 {
                output.append(message, run..<place + 1)
                return
            }
            if run < place { output.append(message, run..<place) }
            place = Int(message.uint16(at: place) & 0x3FFF)
        }
    }

    /// Reads a name in data that stands alone, where a pointer leads nowhere; nil when it isn't one.
    mutating func uncompressedName(in data: Span<UInt8>) -> DomainName? {
        var place = offset
        while place < end, data[place] != 0 {
            guard data[place] <= DomainName.maximumLabelLength else { return nil }
            place += 1 + Int(data[place])
        }
        guard place < end, let name = DomainName(wire: data.extracting(offset..<place + 1)) else { return nil }
        move(to: place + 1)
        return name
    }
}
