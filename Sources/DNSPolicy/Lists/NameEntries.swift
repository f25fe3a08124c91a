/// Entries for a table of names, in the order of the list.
struct NameEntries: ~Copyable {
    /// 12 bytes an entry: first all hashes, then all lines.
    private static let chunk = 65_536

    private var chunks: [MappedMemory] = []
    /// How many entries were added, equal ones included.
    private(set) var count = 0
    /// Whether one of the names can be an address.
    private(set) var mayNameAddresses = false

    /// Adds a name without those below it.
    mutating func add(exactly name: DomainName, under key: NameKey, line: Int) {
        note(name)
        add(NameTable.exact(key.key(of: name)), line)
    }

    /// Adds a name with those below it.
    mutating func add(subtree name: DomainName, under key: NameKey, line: Int) {
        note(name)
        add(key.key(of: name), line)
    }

    private mutating func note(_ name: DomainName) {
        if !mayNameAddresses, name.mayBeAddress { mayNameAddresses = true }
    }

    private mutating func add(_ hash: UInt64, _ line: Int) {
        let place = count % Self.chunk
        if place == 0 { chunks.append(.zeroed(Self.chunk * 12)) }
        let base = unsafe chunks[chunks.count - 1].base
        unsafe base.storeBytes(of: hash, toByteOffset: place * 8, as: UInt64.self)
        unsafe base.storeBytes(of: UInt32(clamping: line), toByteOffset: Self.chunk * 8 + place * 4, as: UInt32.self)
        count += 1
    }

    /// Calls `body` with each entry.
    borrowing func forEach(_ body: (_ hash: UInt64, _ line: UInt32) -> Void) {
        for number in 0..<count {
            let base = unsafe chunks[number / Self.chunk].base
            let place = number % Self.chunk
            body(
                unsafe base.load(fromByteOffset: place * 8, as: UInt64.self),
                unsafe base.load(fromByteOffset: Self.chunk * 8 + place * 4, as: UInt32.self))
        }
    }
}
