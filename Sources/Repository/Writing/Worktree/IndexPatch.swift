/// Changes some entries of git's index (`gitformat-index(5)`, versions 2 and 3), as `git update-index --index-info` does,
/// without running git: an index of 10,000 files costs 12 ms there.
struct IndexPatch {
    /// What an entry becomes.
    struct Change {
        let path: [UInt8]
        /// Mode and blob; nil removes it.
        let entry: (mode: UInt32, object: ObjectName)?
    }

    private static let headerSize = 12
    private static let nameLength = 20
    /// Times, numbers and object name of an entry, and its flags.
    private static let fixedSize = 40 + nameLength + 2

    private let changes: [Change]
    private var output: [UInt8] = []
    private var count: UInt32 = 0

    /// The changed index; nil for one that only git understands (version 4, split, sparse, SHA-256).
    static func apply(_ changes: [Change], to bytes: [UInt8]) -> [UInt8]? {
        guard changes.allSatisfy({ $0.entry.map { $0.object.count == nameLength } ?? true }) else { return nil }
        var patch = IndexPatch(changes: changes.sorted { $0.path.lexicographicallyPrecedes($1.path) })
        let isDone = unsafe bytes.withUnsafeBytes { unsafe patch.run($0) }
        guard isDone else { return nil }
        return patch.output + SHA1.digest(patch.output)
    }

    private init(changes: [Change]) { self.changes = changes }

    private mutating func run(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let end = bytes.count - Self.nameLength
        guard end >= Self.headerSize else { return false }
        func number(_ at: Int) -> UInt32 {
            unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        }
        guard number(0) == 0x4449_5243, (2...3).contains(number(4)) else { return false }
        output.reserveCapacity(bytes.count + changes.count * 128)
        unsafe output.append(contentsOf: bytes[..<Self.headerSize])
        count = number(8)
        var position = Self.headerSize
        // Entries that stay are copied in runs.
        var kept = position
        var next = 0
        for _ in 0..<number(8) {
            let start = position
            guard start + Self.fixedSize < end else { return false }
            let flags = number(start + Self.fixedSize - 4) & 0xFFFF
            let name = start + Self.fixedSize + (flags & 0x4000 != 0 ? 2 : 0)
            var length = Int(flags & 0xFFF)
            if length == 0xFFF {
                guard let zero = unsafe bytes[name..<end].firstIndex(of: 0) else { return false }
                length = zero - name
            }
            position = start + (name + length - start + 8) / 8 * 8
            guard position <= end else { return false }
            while next < changes.count {
                let order = unsafe Self.compare(changes[next].path, bytes[name..<(name + length)])
                guard order <= 0 else { break }
                unsafe output.append(contentsOf: bytes[kept..<start])
                kept = start
                if order < 0 {
                    append(changes[next])
                    next += 1
                } else {
                    // All stages of it go; what replaces them is written once the path is past.
                    kept = position
                    count -= 1
                    break
                }
            }
        }
        unsafe output.append(contentsOf: bytes[kept..<position])
        for change in changes[next...] { append(change) }
        while position + 8 <= end {
            // Extensions in upper case may be left out; git makes them again.
            guard unsafe bytes[position] < UInt8(ascii: "a") else { return false }
            position += 8 + Int(number(position + 4))
        }
        output.replaceSubrange(8..<12, with: Self.bytes(count))
        return true
    }

    private mutating func append(_ change: Change) {
        guard let entry = change.entry else { return }
        let start = output.count
        // No times, as after `update-index --index-info`: the next git compares the content and fills them in.
        for word in [0, 0, 0, 0, 0, 0, entry.mode, 0, 0, 0] as [UInt32] { output += Self.bytes(word) }
        output += entry.object.bytes
        let length = min(change.path.count, 0xFFF)
        output += [UInt8(length >> 8), UInt8(length & 0xFF)]
        output += change.path
        output += [UInt8](repeating: 0, count: 8 - (output.count - start) % 8)
        count += 1
    }

    private static func compare(_ path: [UInt8], _ name: Slice<UnsafeRawBufferPointer>) -> Int {
        var index = unsafe name.startIndex
        for byte in path {
            guard unsafe index < name.endIndex else { return 1 }
            let other = unsafe name[index]
            if byte != other { return byte < other ? -1 : 1 }
            index += 1
        }
        return unsafe index == name.endIndex ? 0 : -1
    }

    private static func bytes(_ word: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
}
