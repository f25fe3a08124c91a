/// How much of two texts is the same at their beginnings and at their ends.
struct CommonEnds {
    /// The first bytes that are the same.
    private(set) var head = 0
    /// The last bytes that are the same and not among the first.
    private(set) var tail = 0

    init(_ left: [UInt8], _ right: [UInt8]) {
        unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in unsafe compare(left, right) }
        }
    }

    /// Word by word, then byte by byte inside the first that differs.
    private mutating func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) {
        let shorter = min(left.count, right.count)
        while head + 8 <= shorter, unsafe word(left, head) == word(right, head) { head += 8 }
        while head < shorter, unsafe left[head] == right[head] { head += 1 }
        let rest = shorter - head
        while tail + 8 <= rest, unsafe word(left, left.count - tail - 8) == word(right, right.count - tail - 8) {
            tail += 8
        }
        while tail < rest, unsafe left[left.count - tail - 1] == right[right.count - tail - 1] { tail += 1 }
    }

    private func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
