import Testing

@testable import Netlink

/// A small generator with a seed, so that a failure can be repeated (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Whatever arrives, decoding ends with a value or a `NetlinkError`, never with a trap.
@Suite struct RandomBytesTests {
    static let types: [UInt16] = [16, 17, 20, 24, 32, 80, 2, 3, 29, 0x0a0f, 0x0100]

    @Test func randomDatagrams() {
        var generator = SeededGenerator(state: 1)
        for _ in 0..<4000 {
            let count = Int.random(in: 0..<200, using: &generator)
            decodeAll((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }

    /// Attributes with plausible types and lengths reach the code behind the first check.
    @Test func randomAttributes() {
        var generator = SeededGenerator(state: 2)
        for _ in 0..<4000 { decodeAll(message(randomAttributes(depth: 4, &generator), &generator)) }
    }

    @Test func damagedMessages() {
        var generator = SeededGenerator(state: 3)
        let peer = WireGuardPeerConfiguration(
            publicKey: key(1), presharedKey: key(2), endpoint: NetlinkEndpoint(address: .ipv6(1, 2), port: 3),
            persistentKeepalive: 4, allowedIPs: [.init(.all(.ipv4)), .init(.all(.ipv6))])
        let configuration = WireGuardConfiguration(privateKey: key(3), listenPort: 5, peers: [peer, peer])
        let whole = WireGuardPacking.messages(configuration, of: .index(1), family: wireguard)[0]
        for _ in 0..<4000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 16..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            decodeAll(bytes)
        }
    }

    private func randomAttributes(depth: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let payload =
                depth > 0 && Bool.random(using: &generator)
                ? randomAttributes(depth: depth - 1, &generator)
                : (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
            bytes += attribute(Int.random(in: 0...24, using: &generator), payload)
        }
        return bytes
    }

    private func message(_ attributes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        // The fixed headers of the families are 4, 8, 12 and 16 bytes long.
        let header = 4 * Int.random(in: 1...4, using: &generator)
        let payload: [UInt8] = [2, 24, 0, 0] + [UInt8](repeating: 0, count: header - 4) + attributes
        return word(Int32(16 + payload.count)) + [16, 0, 2, 3] + word(1) + word(0x4711) + payload
    }

    private func decodeAll(_ bytes: [UInt8]) {
        let span = unsafe bytes.span.bytes
        var messages = MessageCursor()
        while let message = try? messages.next(in: span) {
            _ = try? Link(decoding: message, in: span, withStatistics: true)
            _ = try? Address(decoding: message, in: span)
            _ = try? Route(decoding: message, in: span)
            _ = try? Rule(decoding: message, in: span)
            _ = try? Netconf(decoding: message, in: span)
            _ = try? GenericFamily(decoding: message, in: span)
            _ = try? RulesetGeneration(decoding: message, in: span)
            _ = try? Connection(decoding: message, in: span)
            _ = try? InetSocket(decoding: message, in: span)
            _ = try? ExtendedAck(error: message, in: span)
            _ = try? ExtendedAck(done: message, in: span)
            var device = WireGuardDevice(index: 0, name: "")
            try? device.merge(message, in: span)
        }
        for type in Self.types where bytes.count >= 16 {
            // The same bytes as an answer that seems to be ours.
            var reply = bytes
            reply[4] = UInt8(type & 0xff)
            reply[5] = UInt8(type >> 8)
            reply.replaceSubrange(8..<16, with: word(1) + word(0x4711))
            _ = try? RouteSocket(FakeKernel([[.bytes(reply)]])).links()
            try? NetfilterSocket(FakeKernel([[.bytes(reply)]])).connections { _ in }
            _ = try? DiagnosticSocket(FakeKernel([[.bytes(reply)], [.bytes(reply)]])).sockets(.udp, in: [.closed])
        }
    }
}
