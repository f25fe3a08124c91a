import Manifest
import Model
import Testing

/// Which documents of access are reported to have no effect.
@Suite("Effect of access")
struct AccessEffectTests {
    private static let gateway = """
        kind: Interface
        name: wg0
        address: 10.8.0.1/24
        listen_port: 51820
        ---
        kind: Peer
        name: laptop
        interface: wg0
        ip: 10.8.0.2
        public_key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
        ---
        kind: Peer
        name: nas
        interface: wg0
        ip: 10.8.0.3
        routes: [192.168.7.0/24]
        public_key: TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=

        """

    /// The names of the documents that are reported, with the word that says why.
    private func reported(_ documents: [String]) throws -> [String] {
        let text = documents.map { "---\nkind: Access\n\($0)\n" }.joined()
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        let result = Manifest.load(
            [SourceFile(path: "a.yaml", bytes: Array((Self.gateway + text).utf8))], now: now)
        #expect(!result.hasErrors, "\(result.problems.map { $0.render() })")
        return result.problems.map { problem in
            #expect(problem.code == .noEffect && problem.severity == .warning)
            let words = problem.message.split(separator: "\"")
            return "\(words[1])\(words[2].prefix { $0 != ":" })"
        }
    }

    private func document(
        _ name: String, to: String, ports: String = "[]", action: String = "allow", fallback: String = "allow",
        from: String = "{peers: laptop}"
    ) -> String {
        "name: \(name)\nfrom: \(from)\nto: \(to)\nports: \(ports)\naction: \(action)\ndefault: \(fallback)"
    }

    @Test("of two that say the same, the second")
    func twins() throws {
        let twins = [document("a", to: "10.0.0.0/8"), document("b", to: "10.0.0.0/8")]
        #expect(try reported(twins) == ["b has no effect"])
        let spelled = [
            document("a", to: "{peer: nas}", ports: "[tcp/1-9]"),
            document("b", to: "[192.168.7.0/24, 10.8.0.3]", ports: "[tcp/6-9, tcp/1-5]", from: "{peers: wg0/laptop}"),
        ]
        #expect(try reported(spelled) == ["b has no effect"])
    }

    @Test("of a narrow and a wide one, the narrow one, in whatever order")
    func nested() throws {
        let (narrow, wide) = (document("a", to: "10.1.0.0/16", ports: "tcp/22"), document("b", to: "10.0.0.0/8"))
        #expect(try reported([narrow, wide]) == ["a has no effect"])
        #expect(try reported([wide, narrow]) == ["a has no effect"])
        let peer = document("c", to: "{peer: nas}", ports: "tcp/22")
        #expect(try reported([peer, document("d", to: "[192.168.0.0/16, 10.8.0.0/24]")]) == ["c has no effect"])
        #expect(try reported([peer, document("d", to: "[192.168.0.0/16]")]) == [])
        #expect(try reported([peer, document("d", to: "{peer: nas}", ports: "tcp/22-23")]) == ["c has no effect"])
        #expect(try reported([peer, document("d", to: "{peer: nas}", ports: "udp/22")]) == [])
        #expect(try reported([peer, document("d", to: "{peer: nas}", ports: "[tcp/22, icmp]")]) == ["c has no effect"])
    }

    @Test("only about the same peers")
    func others() throws {
        let first = document("a", to: "10.0.0.0/8")
        #expect(try reported([first, document("b", to: "10.0.0.0/8", from: "{peers: nas}")]) == [])
        #expect(try reported([first, document("b", to: "10.0.0.0/8", from: "{interfaces: wg0}")]) == [])
    }

    @Test("what a document does to everything else counts")
    func fallbacks() throws {
        let wide = document("wide", to: "10.0.0.0/8")
        let closing = document("closing", to: "10.1.0.0/16", fallback: "deny")
        #expect(try reported([wide, closing]) == [])
        let other = document("other", to: "172.16.0.0/12", fallback: "deny")
        #expect(try reported([wide, closing, other]) == ["closing has no effect"])
        // One of those that close stays, though it allows nothing that others don't.
        let second = document("second", to: "10.2.0.0/16", fallback: "deny")
        #expect(try reported([wide, closing, second]) == ["second has no effect"])
        let wider = document("wider", to: "10.0.0.0/12", fallback: "deny")
        #expect(try reported([closing, wider, wide]) == ["closing has no effect"])
        let same = document("same", to: "10.0.0.0/8", fallback: "deny")
        #expect(try reported([wide, same]) == ["wide has no effect"])
        #expect(try reported([same, wide]) == ["wide has no effect"])
    }

    @Test("what is denied wholly is not allowed by another one")
    func shadowed() throws {
        let deny = document("deny", to: "10.0.0.0/8", ports: "[tcp/1-65535]", action: "deny")
        #expect(try reported([deny, document("web", to: "10.1.0.0/16", ports: "tcp/443")]) == ["web allows nothing"])
        #expect(try reported([deny, document("all", to: "10.1.0.0/16")]) == [])
        #expect(try reported([deny, document("more", to: "[10.1.0.0/16, 192.0.2.1]", ports: "tcp/443")]) == [])
        let narrow = document("narrow", to: "10.1.0.0/16", ports: "tcp/443", action: "deny")
        #expect(try reported([narrow, deny]) == ["narrow has no effect"])
        // A hole in what is allowed.
        #expect(try reported([narrow, document("all", to: "10.0.0.0/8")]) == [])
    }
}
