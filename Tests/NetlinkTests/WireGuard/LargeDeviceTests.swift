import Testing

@testable import Netlink

/// A device of 10,000 peers, in the datagrams that the kernel would send.
@Suite struct LargeDeviceTests {
    static func answer(peers: Int) -> [FakeKernel.Step] {
        var datagrams: [FakeKernel.Step] = []
        var entries: [UInt8] = []
        func close() {
            let payload = [0, 1, 0, 0] + attribute(1, word(5)) + attribute(8, entries)
            datagrams.append(.messages([.init(type: 29, flags: 2, payload: payload)]))
            entries = []
        }
        for number in 0..<peers {
            let key = word(Int32(number + 1)) + [UInt8](repeating: 7, count: 28)
            let address = [10] + word(Int32(number)).prefix(3)
            let allowedIP = attribute(3, [32]) + attribute(1, [2, 0]) + attribute(2, address)
            let endpoint: [UInt8] = [2, 0, 0, 53] + address + [UInt8](repeating: 0, count: 8)
            entries += attribute(
                0,
                attribute(1, key) + attribute(2, key) + attribute(6, [UInt8](repeating: 1, count: 16))
                    + attribute(5, [25, 0]) + attribute(8, [UInt8](repeating: 2, count: 8))
                    + attribute(7, [UInt8](repeating: 3, count: 8)) + attribute(10, word(1)) + attribute(4, endpoint)
                    + attribute(9, attribute(0, allowedIP)))
            if entries.count > 31_000 { close() }
        }
        close()
        return datagrams + [.messages([.done()])]
    }

    @Test func tenThousandPeersAreRead() throws {
        let family: FakeKernel.Step = .messages([
            .init(type: 16, payload: [1, 2, 0, 0] + attribute(1, [29, 0])), .acknowledgement(),
        ])
        let socket = WireGuardSocket(GenericSocket(FakeKernel([[family], Self.answer(peers: 10_000)])))
        try socket.checkSupport()
        var device = WireGuardDevice(index: 0, name: "")
        let duration = try ContinuousClock().measure { device = try socket.device(.index(5)) }
        print("decoding of a dump of 10,000 peers: \(duration)")
        #expect(device.peers.count == 10_000)
        #expect(Set(device.peers.map(\.publicKey)).count == 10_000)
        #expect(device.peers[258].allowedIPs == [.host(.ipv4(0x0A02_0100))])
        #expect(device.peers[9999].persistentKeepalive == 25 && device.peers[9999].endpoint?.port == 53)
    }
}
