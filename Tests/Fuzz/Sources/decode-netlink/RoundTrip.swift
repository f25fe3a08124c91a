import Fuzzing

@testable import Netlink

/// What was read, written and read again.
enum RoundTrip {
    static func check(_ address: Address, _ datagram: [UInt8]) {
        checkLength(address.prefix, datagram)
        let again = read(address.addRequest, datagram) { (message, bytes) throws(NetlinkError) in
            try Address(decoding: message, in: bytes)
        }
        if again != address { broken("another address after writing: \(address), \(again as Any)", datagram) }
    }

    static func check(_ route: Route, _ datagram: [UInt8]) {
        checkLength(route.destination, datagram)
        if let source = route.source { checkLength(source, datagram) }
        // Of several next hops only one is read; and a default route has no address that could be written.
        guard !route.isMultipath, route.destination.length > 0 else { return }
        let again = read(route.addRequest, datagram) { (message, bytes) throws(NetlinkError) in
            try Route(decoding: message, in: bytes)
        }
        if again != route { broken("another route after writing: \(route), \(again as Any)", datagram) }
    }

    static func check(_ rule: Rule, _ datagram: [UInt8]) {
        if let source = rule.source { checkLength(source, datagram) }
        if let destination = rule.destination { checkLength(destination, datagram) }
        // A table of 0 stands for none, which only the header can say.
        guard rule.addRequest.problem == nil else { return }
        let again = read(rule.addRequest, datagram) { (message, bytes) throws(NetlinkError) in
            try Rule(decoding: message, in: bytes)
        }
        if again != rule { broken("another rule after writing: \(rule), \(again as Any)", datagram) }
    }

    /// The device as the messages that would make it, in one piece and in many.
    static func check(_ device: WireGuardDevice, _ datagram: [UInt8]) {
        for peer in device.peers {
            for prefix in peer.allowedIPs { checkLength(prefix, datagram) }
        }
        let family = GenericFamily(name: "wireguard", id: 32, version: 1, groups: [])
        let configuration = WireGuardConfiguration(
            privateKey: device.privateKey, listenPort: device.listenPort, fwmark: device.fwmark,
            peers: device.peers.map { peer in
                WireGuardPeerConfiguration(
                    publicKey: peer.publicKey, presharedKey: peer.presharedKey, endpoint: peer.endpoint,
                    persistentKeepalive: peer.persistentKeepalive, allowedIPs: peer.allowedIPs.map { .init($0) })
            })
        for limit in [512, WireGuardPacking.messageLimit] {
            var again = WireGuardDevice(index: 0, name: "")
            for message in WireGuardPacking.messages(
                configuration, of: .index(device.index), family: family, limit: limit)
            {
                if message.count > limit { broken("a message of \(message.count) bytes, \(limit) allowed", datagram) }
                merge(message, into: &again, datagram)
            }
            var expected = device
            expected.name = ""
            expected.publicKey = nil
            for index in expected.peers.indices {
                expected.peers[index].lastHandshakeSeconds = 0
                expected.peers[index].lastHandshakeNanoseconds = 0
                expected.peers[index].receivedBytes = 0
                expected.peers[index].sentBytes = 0
                expected.peers[index].protocolVersion = 0
            }
            if again != expected { broken("another device after writing: \(expected), \(again)", datagram) }
        }
    }

    private static func checkLength(_ prefix: NetlinkPrefix, _ datagram: [UInt8]) {
        if prefix.length > prefix.address.family.bitWidth { broken("a prefix that is too long: \(prefix)", datagram) }
    }

    private static func merge(_ message: [UInt8], into device: inout WireGuardDevice, _ datagram: [UInt8]) {
        let bytes = unsafe message.span.bytes
        var messages = MessageCursor()
        do throws(NetlinkError) {
            while let message = try messages.next(in: bytes) { try device.merge(message, in: bytes) }
        } catch {
            broken("a message of ours can't be read: \(error)", datagram)
        }
    }

    private static func read<Object>(
        _ request: MessageBuilder, _ datagram: [UInt8],
        _ decode: (Message, RawSpan) throws(NetlinkError) -> Object?
    ) -> Object? {
        if let problem = request.problem { broken("what was read can't be written: \(problem)", datagram) }
        let finished = request.finished
        let bytes = unsafe finished.span.bytes
        var messages = MessageCursor()
        do throws(NetlinkError) {
            guard let message = try messages.next(in: bytes) else { return nil }
            return try decode(message, bytes)
        } catch {
            broken("a request of ours can't be read: \(error)", datagram)
        }
    }
}
