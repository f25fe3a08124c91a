import Model
import Reconciler
import Testing

@testable import Kernel

@Suite struct UAPICodecTests {
    /// The example of wireguard.com/xplatform, with the errno as wireguard-go writes it.
    static let answer = """
        private_key=e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a
        listen_port=12912
        fwmark=51820
        public_key=b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33
        preshared_key=188515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52
        protocol_version=1
        endpoint=[abcd:23::33]:51820
        last_handshake_time_sec=0
        last_handshake_time_nsec=0
        tx_bytes=0
        rx_bytes=0
        persistent_keepalive_interval=0
        allowed_ip=192.168.4.4/32
        public_key=58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376
        preshared_key=0000000000000000000000000000000000000000000000000000000000000000
        tx_bytes=38333
        rx_bytes=2224
        allowed_ip=192.168.4.6/32
        allowed_ip=fd00::/64
        allowed_ip=10.0.0.0/8
        persistent_keepalive_interval=111
        endpoint=182.122.22.19:3233
        last_handshake_time_sec=1700000000
        last_handshake_time_nsec=5
        some_future_key=whatever=else
        errno=0


        """

    @Test func readsAnAnswer() throws {
        let answer = try UAPIAnswer(parsing: Array(Self.answer.utf8))
        #expect(answer.errno == 0)
        let device = answer.device
        #expect(device.privateKey?.exposedText() == "6EtabScXwQA6E7QxVwNT26ypFGzxUMX4V1aA/rpSAno=")
        #expect(device.listenPort == 12912)
        #expect(device.fwmark == 51820)
        #expect(device.peers.count == 2)
        let first = try #require(device.peers.first)
        #expect(first.publicKey.description == "uFmW/sycfx/G0lcqdu2hHVm80gvo5UOxXOS9hajnWjM=")
        #expect(first.presharedKey?.exposedText() == "GIUVCT6VL18i6GXO8wEucvi18LWYrAMJ1drM47cPz1I=")
        #expect(first.endpoint?.description == "[abcd:23::33]:51820")
        #expect(first.lastHandshake == nil)
        let second = try #require(device.peers.last)
        #expect(second.presharedKey == nil)
        #expect(second.allowedIPs.map(\.description) == ["10.0.0.0/8", "192.168.4.6/32", "fd00::/64"])
        #expect(second.sentBytes == 38333)
        #expect(second.receivedBytes == 2224)
        #expect(second.persistentKeepalive == 111)
        #expect(second.lastHandshake == Timestamp(seconds: 1_700_000_000))
    }

    @Test(arguments: [("errno=98", 98), ("errno=-98", 98), ("errno=0", 0)])
    func readsTheErrorNumber(line: String, expected: Int32) throws {
        #expect(try UAPIAnswer(parsing: Array("\(line)\n\n".utf8)).errno == expected)
    }

    @Test(arguments: [
        "", "\n", "errno=0\n", "listen_port=1\n\n", "errno=0\n\u{0}", "public_key=00\nerrno=0\n\n",
        "listen_port=65536\nerrno=0\n\n", "listen_port=\nerrno=0\n\n", "nonsense\nerrno=0\n\n", "=\nerrno=0\n\n",
        "private_key=\(String(repeating: "g", count: 64))\nerrno=0\n\n", "errno=\n\n", "errno=--1\n\n",
        "public_key=\(String(repeating: "0", count: 64))\nallowed_ip=10.0.0.0/33\nerrno=0\n\n",
    ])
    func refusesWhatIsNoAnswer(text: String) {
        #expect(throws: UAPIAnswer.Malformed.self) { try UAPIAnswer(parsing: Array(text.utf8)) }
    }

    @Test func errorsDoNotRepeatSecrets() {
        let text = "private_key=\(String(repeating: "ab", count: 31))zz\nerrno=0\n\n"
        let error = #expect(throws: UAPIAnswer.Malformed.self) { try UAPIAnswer(parsing: Array(text.utf8)) }
        #expect(error?.description == "line 1 of the answer is not a private key")
    }

    @Test func piecesAreReadAsTheWhole() throws {
        var generator = SplitMix(state: 11)
        let whole = Array(Self.answer.utf8)
        let expected = try UAPIAnswer(parsing: whole)
        for _ in 0..<200 {
            var reader = UAPIAnswerReader(expectedPeers: 0)
            var (rest, coming): ([UInt8], ArraySlice<UInt8>) = ([], whole[...])
            while !reader.isComplete {
                let piece = coming.prefix(Int.random(in: 1...90, using: &generator))
                coming = coming.dropFirst(piece.count)
                rest += piece
                rest.removeFirst(try reader.take(rest.span))
            }
            let answer = try reader.finish()
            #expect(coming.isEmpty && rest.isEmpty)
            #expect(answer.errno == expected.errno && "\(answer.device)" == "\(expected.device)")
        }
    }

    @Test func randomBytesNeverCrash() {
        var generator = SplitMix(state: 7)
        let valid = Array(Self.answer.utf8)
        for _ in 0..<5000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes.removeSubrange(index..<min(bytes.count, index + 9))
                default: bytes.insert(contentsOf: bytes[..<min(index, 40)], at: index)
                }
            }
            _ = try? UAPIAnswer(parsing: bytes)
        }
    }

    private static let key = PublicKey(words: (0x0102_0304_0506_0708, 2, 3, 0xFFEE_DDCC_BBAA_9988))
    private static let keyText = "010203040506070800000000000000020000000000000003ffeeddccbbaa9988"
    private static let throwaway = PublicKey(words: (9, 9, 9, 9))
    private static let throwawayText = String(repeating: "0000000000000009", count: 4)

    private func text(_ operations: [PeerOperation], keepalives: [PublicKey: UInt16] = [:]) -> String {
        let request = UAPIRequest(operations, throwaway: Self.throwaway, keepalives: keepalives)
        return String(decoding: request.bytes, as: UTF8.self)
    }

    @Test func writesADeviceChange() {
        let change = DeviceChange(privateKey: SecretKey(words: (1, 2, 3, 4)), listenPort: 51820, fwmark: 0)
        #expect(
            String(decoding: UAPIRequest(change).bytes, as: UTF8.self) == """
                set=1
                private_key=0000000000000001000000000000000200000000000000030000000000000004
                listen_port=51820
                fwmark=0


                """)
    }

    @Test func writesANewPeer() {
        let operation = PeerOperation(
            .add, publicKey: Self.key, presharedKey: .key(SecretKey(words: (0, 0, 0, 1))),
            endpoint: SocketAddress(IPAddress(v6: 0x2001_0db8_0000_0000, 1), port: 51820), persistentKeepalive: 25,
            addAllowedIPs: [Prefix("10.8.0.2/32"), Prefix("0.0.0.0/0"), Prefix("fd00:0:0:7::/64")].compactMap { $0 })
        #expect(
            text([operation]) == """
                set=1
                public_key=\(Self.keyText)
                preshared_key=0000000000000000000000000000000000000000000000000000000000000001
                endpoint=[2001:db8::1]:51820
                persistent_keepalive_interval=25
                allowed_ip=10.8.0.2/32
                allowed_ip=0.0.0.0/0
                allowed_ip=fd00:0000:0000:0007:0000:0000:0000:0000/64


                """)
    }

    @Test func takesPrefixesAwayByAThrowawayPeer() {
        let operation = PeerOperation(
            .update, publicKey: Self.key, presharedKey: PeerOperation.PresharedKey.none,
            addAllowedIPs: [Prefix("10.9.0.0/24")].compactMap { $0 },
            removeAllowedIPs: [Prefix("10.8.0.0/24")].compactMap { $0 })
        #expect(
            text([operation]) == """
                set=1
                public_key=\(Self.throwawayText)
                allowed_ip=10.8.0.0/24
                public_key=\(Self.throwawayText)
                remove=true
                public_key=\(Self.keyText)
                update_only=true
                preshared_key=0000000000000000000000000000000000000000000000000000000000000000
                allowed_ip=10.9.0.0/24


                """)
    }

    @Test func removesAndWakes() {
        let other = PublicKey(words: (0, 0, 0, 0xA))
        let otherText = String(repeating: "0", count: 63) + "a"
        #expect(
            text(
                [PeerOperation(.remove, publicKey: Self.key), PeerOperation(.update, publicKey: other, wake: true)],
                keepalives: [other: 15]) == """
                    set=1
                    public_key=\(Self.keyText)
                    remove=true
                    public_key=\(otherText)
                    update_only=true
                    persistent_keepalive_interval=0
                    public_key=\(otherText)
                    update_only=true
                    persistent_keepalive_interval=25
                    public_key=\(otherText)
                    update_only=true
                    persistent_keepalive_interval=15


                    """)
    }

    @Test func neverReplaces() {
        let operations = [PeerOperation.Action.add, .update, .remove].map {
            PeerOperation(
                $0, publicKey: Self.key, removeAllowedIPs: [Prefix("10.0.0.0/8")].compactMap { $0 }, wake: true)
        }
        #expect(!text(operations).contains("replace"))
    }

    @Test func tenThousandPeersParseFast() throws {
        var bytes = Array("private_key=\(String(repeating: "1f", count: 32))\nlisten_port=51820\n".utf8)
        for index in 0..<10_000 {
            let id = String(index + 0x10000, radix: 16)
            bytes += Array(
                """
                public_key=\(String(repeating: "a", count: 64 - id.count))\(id)
                preshared_key=\(String(repeating: "b", count: 64 - id.count))\(id)
                protocol_version=1
                endpoint=203.0.113.\(index % 250):51820
                last_handshake_time_sec=1700000000
                last_handshake_time_nsec=123456789
                tx_bytes=123456789
                rx_bytes=987654321
                persistent_keepalive_interval=0
                allowed_ip=10.\(index >> 16).\(index >> 8 & 0xFF).\(index & 0xFF)/32
                allowed_ip=fd42:8::1:\(String(index, radix: 16))/128

                """.utf8)
        }
        bytes += Array("errno=0\n\n".utf8)
        let clock = ContinuousClock()
        var peers = 0
        let duration = try clock.measure { peers = try UAPIAnswer(parsing: bytes).device.peers.count }
        print("parsing \(bytes.count) bytes of 10,000 peers: \(duration)")
        #expect(peers == 10_000)
        #if DEBUG
            #expect(duration < .seconds(5))
        #else
            #expect(duration < .milliseconds(40))
        #endif
    }
}
