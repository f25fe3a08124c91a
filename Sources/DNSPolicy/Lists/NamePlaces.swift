/// The places of a table of names: all hashes, then all lines, in memory of our own or in a file.
///
/// The pointers never leave this type: a place is always below `capacity`, and the memory lives as long as this does.
@safe final class NamePlaces: @unchecked Sendable {
    /// How many places there are; at least one of them is free.
    let capacity: Int
    /// Whose the pointers are; the places begin at `start`.
    private let memory: MappedMemory
    private let start: Int
    private let hashes: UnsafeMutablePointer<UInt64>
    private let lines: UnsafeMutablePointer<UInt32>

    /// Free places for `count` entries.
    convenience init(for count: Int) {
        let capacity = Self.capacity(for: count)
        self.init(.zeroed(capacity * 12), start: 0, capacity: capacity)
    }

    /// The places that begin at `start`, a multiple of 8, and end before the end of the memory.
    init(_ memory: MappedMemory, start: Int, capacity: Int) {
        precondition(capacity > 0 && start % 8 == 0 && start + capacity * 12 <= memory.count)
        self.memory = memory
        self.start = start
        self.capacity = capacity
        unsafe hashes = (memory.base + start).assumingMemoryBound(to: UInt64.self)
        unsafe lines = (memory.base + start + capacity * 8).assumingMemoryBound(to: UInt32.self)
    }

    /// Three of four places taken, one always free, and a whole number of blocks of ``ListChecksum``.
    static func capacity(for count: Int) -> Int { (count + count / 3 + 8) & ~7 }

    /// Memory of the places, in bytes.
    var bytes: Int { capacity * 12 }

    /// The line of an entry by its hash.
    @inline(__always)
    func line(of hash: UInt64) -> UInt32? {
        let place = place(of: hash)
        return unsafe hashes[place] == 0 ? nil : lines[place]
    }

    /// Adds an entry while the table is made; false if there is one of this hash.
    func insert(_ hash: UInt64, _ line: UInt32) -> Bool {
        let place = place(of: hash)
        guard unsafe hashes[place] == 0 else { return false }
        unsafe hashes[place] = hash
        unsafe lines[place] = line
        return true
    }

    /// Calls `body` with each entry.
    func forEach(_ body: (_ hash: UInt64, _ line: UInt32) -> Void) {
        for place in 0..<capacity where unsafe hashes[place] != 0 { unsafe body(hashes[place], lines[place]) }
    }

    /// How many places are taken.
    var taken: Int {
        var taken = 0
        for place in 0..<capacity where unsafe hashes[place] != 0 { taken += 1 }
        return taken
    }

    /// The places as they stand in a file.
    func image<Result, Failure>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        try memory.bytes(start..<(start + bytes), body)
    }

    /// Where `hash` stands, or the free place where it would. There always is a free place.
    @inline(__always)
    private func place(of hash: UInt64) -> Int {
        // The upper half scaled to the capacity: any capacity will do, not only a power of two.
        var place = Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: capacity)) &>> 32)
        while unsafe hashes[place] != 0, unsafe hashes[place] != hash {
            place &+= 1
            if place == capacity { place = 0 }
        }
        return place
    }
}
