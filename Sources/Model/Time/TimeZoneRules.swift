/// How the clocks of a place go: when they were and will be how far ahead of UTC.
///
/// It is read from a file of the time zone database (TZif: tzfile(5), RFC 9636), of which it takes the times, the offsets
/// and the rule for later years.
public struct TimeZoneRules: Sendable, Hashable {
    /// The name: `Europe/Vienna`.
    public let name: String
    /// When the offset changes, ascending, and what it is from then on.
    private let changes: [Change]
    /// The offset before the first change.
    private let first: Int64
    private let later: RecurringZoneRule?

    private struct Change: Sendable, Hashable {
        let at: Int64
        let offset: Int64
    }

    /// UTC.
    public static let utc = TimeZoneRules()

    private init() {
        (name, changes, first, later) = ("UTC", [], 0, nil)
    }

    /// Whether a text can be the name of a zone: parts like `America` with `/` between them, the first one with a capital
    /// letter. Nothing in it leads out of a directory.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (65...90).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                        || [UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(byte)
                }
        }
    }

    /// Reads the bytes of a file; nil: they are no time zone, or one that counts leap seconds.
    public init?(name: String, file bytes: [UInt8]) {
        guard var block = ZoneFileBlock(bytes, at: 0, timeSize: 4) else { return nil }
        var rule: RecurringZoneRule?
        if block.version >= UInt8(ascii: "2") {
            // The second block says the same with 8 bytes for each time, and more.
            guard let second = ZoneFileBlock(bytes, at: block.end, timeSize: 8) else { return nil }
            block = second
            guard block.end < bytes.count, bytes[block.end] == 10,
                let end = bytes[(block.end + 1)...].firstIndex(of: 10)
            else { return nil }
            let text = bytes[block.end + 1..<end]
            if !text.isEmpty {
                guard let read = RecurringZoneRule(text) else { return nil }
                rule = read
            }
        }
        guard let read = block.content else { return nil }
        self.name = name
        changes = zip(read.times, read.offsets).map { Change(at: $0, offset: $1) }
        first = read.first
        later = rule
    }

    /// The seconds that local time is ahead of UTC at an instant.
    func offset(at instant: Int64) -> Int64 {
        guard let last = changes.last else { return later?.offset(at: instant) ?? first }
        if instant >= last.at { return later?.offset(at: instant) ?? last.offset }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at > instant { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? first : changes[low - 1].offset
    }

    /// The instant of a local time, in seconds since 1970-01-01T00:00 of the clock there.
    ///
    /// A time that the clock skips is the instant at which it does; of one that it shows twice it is the first.
    func instant(ofLocal time: Int64) -> Int64 {
        // No clock is put forward or back twice within two days.
        let (before, after) = (offset(at: time - 86_400), offset(at: time + 86_400))
        let early = time - before
        guard before != after else { return early }
        if offset(at: early) == before { return early }
        var (low, high) = (time - after, early)
        if offset(at: low) == after { return low }
        // Skipped: the jump lies between the two.
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return high
    }
}

/// One block of a file of the time zone database.
private struct ZoneFileBlock {
    let version: UInt8
    /// Where it ends.
    let end: Int
    private let bytes: [UInt8]
    private let start: Int
    private let timeSize: Int
    private let counts: [Int]

    private static let headerSize = 44

    init?(_ bytes: [UInt8], at start: Int, timeSize: Int) {
        guard bytes.count >= start + Self.headerSize, bytes[start..<start + 4].elementsEqual("TZif".utf8) else {
            return nil
        }
        var counts: [Int] = []
        for field in 0..<6 {
            let place = start + 20 + 4 * field
            counts.append(Int(Self.integer(bytes[place..<place + 4])))
        }
        guard counts.allSatisfy({ (0...65_535).contains($0) }) else { return nil }
        version = bytes[start + 4]
        self.bytes = bytes
        self.start = start + Self.headerSize
        self.timeSize = timeSize
        self.counts = counts
        end =
            self.start + counts[3] * (timeSize + 1) + counts[4] * 6 + counts[5] + counts[2] * (timeSize + 4) + counts[1]
            + counts[0]
        guard end <= bytes.count else { return nil }
    }

    /// The times at which the offset changes with what it is then, and what it is before; nil: it contradicts itself, or
    /// counts leap seconds.
    var content: (times: [Int64], offsets: [Int64], first: Int64)? {
        let (leaps, times, types) = (counts[2], counts[3], counts[4])
        guard leaps == 0, types > 0 else { return nil }
        let typeStart = start + times * (timeSize + 1)
        let typeOffsets = (0..<types).map { type in
            Self.integer(bytes[typeStart + type * 6..<typeStart + type * 6 + 4])
        }
        var found: (times: [Int64], offsets: [Int64], first: Int64) = ([], [], typeOffsets[0])
        for number in 0..<times {
            let place = start + number * timeSize
            let type = Int(bytes[start + times * timeSize + number])
            let time = Self.integer(bytes[place..<place + timeSize])
            guard type < types, found.times.last.map({ $0 < time }) ?? true else { return nil }
            found.times.append(time)
            found.offsets.append(typeOffsets[type])
        }
        return found
    }

    /// A signed number, the greatest byte first.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
        let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return bytes.count == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}
