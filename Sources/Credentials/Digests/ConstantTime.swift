import CLibSodium

/// Comparisons whose time tells nothing of where texts differ.
public enum ConstantTime {
    /// Whether two texts are equal; only their lengths may be learned from the time it takes.
    public static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        Sodium.prepare()
        return unsafe sodium_memcmp(a, b, a.count) == 0
    }
}
