import DNSPolicy

/// Where names, and the names above them, lie in a message that is being written (RFC 1035 4.1.4).
///
/// A bounded number is kept, the first ones, without memory of its own.
struct CompressionTable {
    private static let capacity = 64

    private var hashes = InlineArray<64, UInt32>(repeating: 0)
    private var offsets = InlineArray<64, UInt16>(repeating: 0)
    private var count = 0

    /// Notes a name that starts at this offset. One that a pointer cannot reach, or that no longer fits, is forgotten.
    mutating func insert(_ hash: UInt32, at offset: Int) {
        guard count < Self.capacity, offset < 0x4000 else { return }
        hashes[count] = hash
        offsets[count] = UInt16(offset)
        count += 1
    }

    /// Where the name lies in the message; nil when it was not written yet. Only one place of the same hash is looked
    /// at, so that a name costs a bounded time whatever it is.
    func offset(
        of hash: UInt32, _ name: [UInt8], from start: Int, isCaseMinded: Bool, in message: [UInt8]
    ) -> Int? {
        for index in 0..<count where hashes[index] == hash {
            let offset = Int(offsets[index])
            return Self.isSame(name, from: start, as: message, at: offset, isCaseMinded) ? offset : nil
        }
        return nil
    }

    /// Forgets what was noted behind this place.
    mutating func truncate(to offset: Int) {
        while count > 0, Int(offsets[count - 1]) >= offset { count -= 1 }
    }

    /// Compares a name with one in our own message, whose pointers are sound.
    private static func isSame(
        _ name: [UInt8], from start: Int, as message: [UInt8], at offset: Int, _ isCaseMinded: Bool
    ) -> Bool {
        var (place, other) = (start, offset)
        while true {
            while message[other] >= 0xC0 { other = Int(message[other] & 0x3F) << 8 | Int(message[other + 1]) }
            let length = Int(name[place])
            for index in 0...length {
                let (a, b) = (name[place + index], message[other + index])
                guard a == b || !isCaseMinded && a.foldedASCII == b.foldedASCII else { return false }
            }
            if length == 0 { return true }
            place += 1 + length
            other += 1 + length
        }
    }
}

/// Where each label of a name starts, and a hash of the name from there to its end, upper and lower case not minded.
struct NameParts {
    private(set) var starts = InlineArray<128, UInt8>(repeating: 0)
    private(set) var hashes = InlineArray<128, UInt32>(repeating: 0)
    private(set) var count = 0

    /// The parts of octets that are known to be a name. The hash is made from the end (FNV-1a).
    init(_ name: [UInt8]) {
        var start = 0
        while name[start] > 0 {
            starts[count] = UInt8(start)
            count += 1
            start += 1 + Int(name[start])
        }
        var hash: UInt32 = 2_166_136_261
        for part in (0..<count).reversed() {
            let start = Int(starts[part])
            for index in start...start + Int(name[start]) {
                hash = (hash ^ UInt32(name[index].foldedASCII)) &* 16_777_619
            }
            hashes[part] = hash
        }
    }
}
