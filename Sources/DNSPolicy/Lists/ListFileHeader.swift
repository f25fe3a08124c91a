internal import Model

/// The first bytes of a compiled list: what the rest is, and a sum over all of it.
///
/// Integers stand in the order of the host, which the magic number tells; a file never leaves its host.
struct ListFileHeader: Equatable {
    /// Its length in the file.
    static let length = 128
    /// `WBLIST` and two bytes that differ in the other byte order.
    private static let magic: UInt64 = 0x0102_5453_494c_4257
    /// Changes with the layout, and with what lines of lists mean.
    static let version: UInt32 = 3

    var format: Blocklist.Format
    /// Tells keys apart without telling the key.
    var keyMark: UInt64
    /// Places of the table of names, which follows the header.
    var capacity: Int
    /// Entries of the table.
    var count: Int
    /// Whether one of them can be an address.
    var mayNameAddresses: Bool
    /// Bytes of the text that follows the table, without the zeros that fill its last block.
    var textLength: Int
    /// ``ListChecksum`` of the file with a zero here.
    var checksum: UInt64 = 0

    /// Where the text begins.
    var textStart: Int { Self.length + capacity * 12 }
    /// Length of the file.
    var fileLength: Int { textStart + Self.padded(textLength) }

    static func padded(_ length: Int) -> Int { (length + ListChecksum.block - 1) & ~(ListChecksum.block - 1) }

    /// Stands beside version and format.
    private static let addressBit: UInt64 = 1 << 63
    private static let formats: [Blocklist.Format] = [.hosts, .domains, .wildcardDomains, .adblock]

    /// The header as it stands in the file.
    var bytes: [UInt8] {
        let format = Self.formats.firstIndex(of: format) ?? 0
        let words = [
            Self.magic, UInt64(Self.version) | UInt64(format) << 32 | (mayNameAddresses ? Self.addressBit : 0), keyMark,
            UInt64(capacity), UInt64(count),
            UInt64(textLength), checksum,
        ]
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word.littleEndian >> (8 * $0)) } }
        return bytes + [UInt8](repeating: 0, count: Self.length - bytes.count)
    }

    init(
        format: Blocklist.Format, keyMark: UInt64, capacity: Int, count: Int, mayNameAddresses: Bool, textLength: Int
    ) {
        self.format = format
        self.keyMark = keyMark
        self.capacity = capacity
        self.count = count
        self.mayNameAddresses = mayNameAddresses
        self.textLength = textLength
    }

    /// Reads and checks a header. What it says of lengths is below 2⁴⁰, so that sums of them don't overflow.
    init(_ bytes: [UInt8]) throws(ListFileFault) {
        guard bytes.count == Self.length else { throw .damaged("it is cut off") }
        let words = (0..<7).map { word in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[word * 8 + $1]) << (8 * $1) } }
        guard words[0] == Self.magic else { throw .damaged("it does not begin like one") }
        let version = UInt32(truncatingIfNeeded: words[1])
        guard version == Self.version else { throw .version(version) }
        let format = Int((words[1] & ~Self.addressBit) >> 32)
        guard Self.formats.indices.contains(format) else { throw .damaged("its format is unknown") }
        guard words[3...5].allSatisfy({ $0 < 1 << 40 }) else { throw .damaged("its lengths are too large") }
        let capacity = Int(words[3])
        let count = Int(words[4])
        guard capacity > count, capacity % 8 == 0 else { throw .damaged("its table is too small") }
        self.init(
            format: Self.formats[format], keyMark: words[2], capacity: capacity, count: count,
            mayNameAddresses: words[1] & Self.addressBit != 0, textLength: Int(words[5]))
        checksum = words[6]
        // The rest of it is zero.
        guard self.bytes == bytes else { throw .damaged("its header is wrong") }
    }
}
