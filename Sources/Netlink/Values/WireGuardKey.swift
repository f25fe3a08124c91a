/// Thirty-two bytes of a WireGuard key, public, private or preshared, without an allocation.
///
/// It never prints its bytes: whoever has to show a public key encodes `bytes`. `==` is not constant-time.
public struct WireGuardKey: Hashable, Sendable {
    /// `WG_KEY_LEN` of `<linux/wireguard.h>`.
    public static let byteCount = 32

    /// The key's bytes in order, eight per word in the host's byte order.
    public var words: (UInt64, UInt64, UInt64, UInt64)

    /// A key from its words, each holding eight bytes in memory order.
    @inlinable
    public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// A key from 32 bytes; nil for any other length.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() { words[index / 8] |= UInt64(byte) << (index % 8 * 8) }
        self.init(
            words: (
                UInt64(littleEndian: words[0]), UInt64(littleEndian: words[1]), UInt64(littleEndian: words[2]),
                UInt64(littleEndian: words[3])
            ))
    }

    /// The all-zero key, by which the kernel means "none".
    public static var zero: WireGuardKey { WireGuardKey(words: (0, 0, 0, 0)) }

    /// Whether all bytes are zero.
    public var isZero: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    /// The 32 bytes in order.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word.littleEndian >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// Equality of all 32 bytes.
    @inlinable
    public static func == (left: WireGuardKey, right: WireGuardKey) -> Bool { left.words == right.words }

    /// Hashes all 32 bytes.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension WireGuardKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Always `<redacted>`.
    public var debugDescription: String { description }
    /// Shows no children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
