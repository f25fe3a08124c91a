import Model
import Netlink

// The model's words are big-endian numbers, those of a message are bytes in memory.

extension PublicKey {
    init(_ key: WireGuardKey) { self.init(words: swapped(key.words)) }

    var netlink: WireGuardKey { WireGuardKey(words: swapped(words)) }
}

extension SecretKey {
    convenience init(_ key: WireGuardKey) { self.init(words: swapped(key.words)) }

    var netlink: WireGuardKey { WireGuardKey(words: swapped(words)) }
}

private func swapped(_ words: (UInt64, UInt64, UInt64, UInt64)) -> (UInt64, UInt64, UInt64, UInt64) {
    (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
}
