import Glibc

/// What git's index says about some paths (`gitformat-index(5)`, versions 2 to 4).
struct IndexFile {
    /// An entry.
    struct Entry: Hashable {
        let mode: UInt32
        let object: ObjectName
        /// 0; 1 to 3 for the sides of a conflict.
        let stage: UInt8
        /// Whether it is there only in name (`git add -N`), or not meant to be in the worktree.
        let isSpecial: Bool
    }

    private(set) var entries: [[UInt8]: [Entry]] = [:]
    /// Entries that stand where a path needs a folder, or below a path that is to be a file.
    private(set) var obstacles: Set<[UInt8]> = []

    /// Reads the entries of `paths`; nil for an index that only git understands (split, sparse, damaged).
    static func read(_ bytes: [UInt8], of paths: Set<[UInt8]>, nameLength: Int) -> IndexFile? {
        var file = IndexFile()
        let isRead = unsafe bytes.withUnsafeBytes { unsafe file.scan($0, paths, nameLength) }
        return isRead ? file : nil
    }

    /// An index that doesn't exist is empty.
    static func empty() -> IndexFile { IndexFile() }

    private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ paths: Set<[UInt8]>, _ nameLength: Int) -> Bool {
        func number(_ at: Int) -> UInt32 {
            unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        }
        let end = bytes.count - nameLength
        guard bytes.count >= 12 + nameLength, number(0) == 0x4449_5243, (2...4).contains(number(4)) else {
            return false
        }
        let version = number(4)
        var folders: Set<[UInt8]> = []
        for path in paths {
            for (index, byte) in path.enumerated() where byte == UInt8(ascii: "/") {
                folders.insert(Array(path[..<index]))
            }
        }
        var position = 12
        var name: [UInt8] = []
        for _ in 0..<number(8) {
            let start = position
            guard start + 40 + nameLength + 2 < end else { return false }
            let flags = number(start + 40 + nameLength - 2) & 0xFFFF
            position += 40 + nameLength + 2
            var more: UInt32 = 0
            if flags & 0x4000 != 0 {
                more = number(position - 2) & 0xFFFF
                position += 2
            }
            if version == 4 {
                guard let strip = unsafe Self.variable(bytes, &position, end), strip <= name.count else { return false }
                name.removeLast(strip)
            } else {
                name.removeAll(keepingCapacity: true)
            }
            guard position <= end, let zero = unsafe bytes[position..<end].firstIndex(of: 0) else { return false }
            unsafe name.append(contentsOf: bytes[position..<zero])
            position = version == 4 ? zero + 1 : start + (zero - start + 8) / 8 * 8
            if paths.contains(name) {
                let object = unsafe bytes[(start + 40)..<(start + 40 + nameLength)]
                guard let object = unsafe ObjectName(bytes: object) else { return false }
                entries[name, default: []].append(
                    Entry(
                        mode: number(start + 24), object: object, stage: UInt8(flags >> 12 & 3),
                        isSpecial: more & 0x6000 != 0))
            } else if folders.contains(name) {
                obstacles.insert(name)
            }
        }
        while position + 8 <= end {
            // Extensions that git must understand begin in lower case: a split or sparse index.
            guard unsafe bytes[position] < UInt8(ascii: "a") else { return false }
            position += 8 + Int(number(position + 4))
        }
        return true
    }

    /// The number of an entry of version 4: seven bits per byte, the most significant first, offset so that each has one form.
    private static func variable(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, _ end: Int) -> Int? {
        var value = 0
        for index in 0..<5 {
            guard position < end else { return nil }
            let byte = unsafe bytes[position]
            position += 1
            value = (index == 0 ? 0 : value + 1) << 7 | Int(byte & 0x7F)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
