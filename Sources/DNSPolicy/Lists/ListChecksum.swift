/// A checksum that finds damage (not malice: the directory is ours alone) at the speed of memory.
///
/// Four lanes take a word each in turn; every step can be undone, so that a change of one word is always found.
struct ListChecksum {
    /// What is taken at once; lengths are multiples of it.
    static let block = 32

    private var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    private var count: UInt64 = 0

    /// Takes a whole number of blocks.
    mutating func take(_ bytes: Span<UInt8>) {
        precondition(bytes.count % Self.block == 0)
        var lanes = lanes
        unsafe bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                lanes.0 = Self.mix(lanes.0, unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                lanes.1 = Self.mix(lanes.1, unsafe bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
                lanes.2 = Self.mix(lanes.2, unsafe bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt64.self))
                lanes.3 = Self.mix(lanes.3, unsafe bytes.loadUnaligned(fromByteOffset: start + 24, as: UInt64.self))
                start += Self.block
            }
        }
        self.lanes = lanes
        count &+= UInt64(bytes.count)
    }

    /// The sum of what was taken.
    var value: UInt64 {
        Self.mix(Self.mix(Self.mix(Self.mix(count, lanes.0), lanes.1), lanes.2), lanes.3)
    }

    @inline(__always)
    private static func mix(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        let product = (lane ^ word) &* 0x9e37_79b9_7f4a_7c15
        return product &<< 29 | product &>> 35
    }
}
