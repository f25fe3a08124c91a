/// Tells counters apart that began at zero on their own: a number that stays the same in every process (FNV-1a).
public enum CounterIncarnation {
    /// The number for the counters of an interface, or of a peer at it.
    ///
    /// - Parameters:
    ///   - boot: the identifier of this boot of the kernel.
    ///   - link: the index of the link, which no other link of this boot has had.
    ///   - key: the public key of the peer; empty: the interface.
    public static func number(boot: String, link: UInt32, key: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let add = { (byte: UInt8) in hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in boot.utf8 { add(byte) }
        // What no text in UTF-8 holds, so that the parts can't run into each other.
        add(0xFF)
        for shift: UInt32 in [0, 8, 16, 24] { add(UInt8(truncatingIfNeeded: link >> shift)) }
        for byte in key { add(byte) }
        return hash
    }
}
