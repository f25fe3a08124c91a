import Manifest
import Model
import Testing

/// 10,000 peers, one per file, as writers lay them out.
@Suite("Scale", .serialized)
struct ScaleTests {
    static let peerCount = 10_000

    static func files() -> [SourceFile] {
        var files = [
            SourceFile(
                path: "interfaces/wg0.yaml",
                bytes: Array(
                    "kind: Interface\nname: wg0\naddress: [10.8.0.1/16, fd42:8::1/64]\nlisten_port: 51820\n".utf8))
        ]
        for number in 0..<peerCount {
            let (high, low) = (number / 250, number % 250 + 2)
            let text = """
                # Peer number \(number)
                kind: Peer
                name: Peer \(number) of the office
                interface: wg0
                ip: [10.8.\(high).\(low), "fd42:8::\(String(number + 2, radix: 16))"]
                public_key: \(key(number))
                routing_mode: full_tunnel
                persistent_keepalive: 25
                expires_at: 2030-01-01T00:00:00Z
                labels: {site: berlin}

                """
            files.append(SourceFile(path: "peers/wg0/peer-\(number).yaml", bytes: Array(text.utf8)))
        }
        return files
    }

    private static func key(_ number: Int) -> PublicKey {
        let word = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15
        return PublicKey(words: (word, word &* 3, word &* 5, word &* 7))
    }

    @Test("10,000 files parse and validate in time")
    func tenThousand() throws {
        let files = Self.files()
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        let clock = ContinuousClock()
        var parsed: [ParsedFile] = []
        let parsing = clock.measure { parsed = files.map { Manifest.parse(path: $0.path, bytes: $0.bytes) } }
        var result: LoadResult?
        let assembling = clock.measure { result = Manifest.assemble(parsed, now: now) }
        #expect(result?.problems.map { $0.render() } == [])
        #expect(result?.catalog?.peers.count == Self.peerCount)
        print("10,000 peers: parse and decode \(parsing), assemble and validate \(assembling)")
        // Debug builds are about 15 times slower; the release figures are held by the benchmark of `validate`.
        #expect(parsing < .seconds(60))
        #expect(assembling < .seconds(20))
    }

    @Test("2,000 documents of access are checked in time", arguments: [200, 1])
    func access(groups: Int) throws {
        var files = Self.files()
        for number in 0..<Self.peerCount where number % (Self.peerCount / 200) == 0 {
            let text = "labels: {site: berlin, group: g\(number * 200 / Self.peerCount)}"
            let last = files[number + 1]
            let bytes = String(decoding: last.bytes, as: UTF8.self).replacing("labels: {site: berlin}", with: text)
            files[number + 1] = SourceFile(path: last.path, bytes: Array(bytes.utf8))
        }
        // No port stands twice, so that no document lies in another one, though all of them share a destination.
        for number in 0..<2000 {
            let text = """
                kind: Access
                name: a\(number)
                from: {labels: {site: berlin, group: g\(number % groups)}}
                to: [10.0.0.0/8, {peer: Peer \(number) of the office}, 192.0.2.\(number % 256)]
                ports: [tcp/\(number * 2 + 1), icmp]

                """
            files.append(SourceFile(path: "access/a\(number).yaml", bytes: Array(text.utf8)))
        }
        let parsed = files.map { Manifest.parse(path: $0.path, bytes: $0.bytes) }
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        var result: LoadResult?
        let assembling = ContinuousClock().measure { result = Manifest.assemble(parsed, now: now) }
        #expect(result?.problems.map { $0.render() } == [])
        #expect(result?.catalog?.access.count == 2000)
        print("10,000 peers, 2,000 documents of access in \(groups) groups: assemble and validate \(assembling)")
        #expect(assembling < .seconds(20))
    }

    @Test("10,000 peers in one file, each without address, get different ones")
    func allocation() throws {
        var text = "kind: Interface\nname: wg0\naddress: 10.8.0.1/16\nlisten_port: 51820\n"
        for number in 0..<Self.peerCount {
            text += "---\nkind: Peer\nname: p\(number)\ninterface: wg0\npublic_key: \(Self.key(number))\n"
        }
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        let result = Manifest.load([SourceFile(path: "all.yaml", bytes: Array(text.utf8))], now: now)
        let lines = Set(result.problems.compactMap(\.suggestion))
        #expect(lines.count == Self.peerCount)
        #expect(result.problems.first?.suggestion == "ip: 10.8.0.2")
    }

    @Test("two peers with a route each over 10,000 hosts give two warnings, not 10,000")
    func overlaps() throws {
        var files = Self.files()
        for number in 0..<2 {
            let text =
                "kind: Peer\nname: site \(number)\ninterface: wg0\nip: 10.8.255.\(number)\npublic_key: "
                + "\(Self.key(20_000 + number))\nroutes: [10.8.0.0/\(17 + number)]\n"
            files.append(SourceFile(path: "sites/\(number).yaml", bytes: Array(text.utf8)))
        }
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        let result = Manifest.load(files, now: now)
        #expect(result.problems.map(\.code) == [.overlappingPrefix, .overlappingPrefix])
        #expect(result.catalog != nil)
    }
}
