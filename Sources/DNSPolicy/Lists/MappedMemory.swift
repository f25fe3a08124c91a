import Glibc

/// Memory straight from the kernel, which gets it back at once when the last reference goes.
///
/// The allocator would keep what a list of a million names needs for a moment; a daemon that reads its lists every
/// day must not grow by it. Whoever holds it keeps to `0..<count` and to one writer.
@safe final class MappedMemory: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    /// How many bytes there are, more than none.
    let count: Int

    private init(_ base: UnsafeMutableRawPointer, _ count: Int) {
        unsafe self.base = base
        self.count = count
    }

    deinit { unsafe munmap(base, count) }

    /// Fresh memory, all zero. A process that is out of memory traps here, as it does at an array.
    static func zeroed(_ count: Int) -> MappedMemory {
        let base = unsafe mmap(nil, max(count, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let base = unsafe base, unsafe base != failed else {
            preconditionFailure("the system has no \(count) bytes of memory (error \(errno))")
        }
        return unsafe MappedMemory(base, max(count, 1))
    }

    /// The first `count` bytes of an open file, to read; nil if the system refuses (`errno`).
    static func file(_ descriptor: Int32, count: Int) -> MappedMemory? {
        let base = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let base = unsafe base, unsafe base != failed else { return nil }
        return unsafe MappedMemory(base, count)
    }

    private static var failed: UnsafeMutableRawPointer? { unsafe UnsafeMutableRawPointer(bitPattern: -1) }

    /// The bytes `range`, which lies in `0..<count`.
    func bytes<Result, Failure>(
        _ range: Range<Int>, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let start = unsafe (base + range.lowerBound).assumingMemoryBound(to: UInt8.self)
        return try unsafe body(Span(_unsafeStart: start, count: range.count))
    }
}
