import Model
import Testing

@Suite("Peer directory")
struct PeerDirectoryTests {
    /// 0 phone on wg0, 1 laptop on wg0, 2 phone on wg1, 3 nas on wg1.
    private static let peers: [Peer] = {
        var peers = [
            AccessSamples.peer("phone", "10.8.0.2"), AccessSamples.peer("laptop", "10.8.0.3"),
            AccessSamples.peer("phone", on: "wg1", "10.9.0.2"),
            AccessSamples.peer("nas", on: "wg1", "10.9.0.3", "fd42::3", routes: ["192.168.7.0/24"]),
        ]
        peers[0].owner = "ada"
        peers[2].owner = "ada"
        peers[0].labels = ["team": "ops", "site": "north"]
        peers[1].labels = ["team": "ops"]
        peers[3].labels = ["site": "north"]
        return peers
    }()
    private let directory = PeerDirectory(PeerDirectoryTests.peers)

    @Test(
        "finds whom any of the selectors finds, and of labels those with all",
        arguments: [
            (AccessSamples.sources("laptop"), [1]), (AccessSamples.sources("wg1/phone", "laptop", "laptop"), [1, 2]),
            (AccessSamples.sources("phone"), []), (AccessSamples.sources("nobody", "wg0/nas"), []),
            (AccessSamples.sources("+ada"), [0, 2]), (AccessSamples.sources("+bob"), []),
            (AccessSamples.sources("@wg1"), [2, 3]), (AccessSamples.sources("@wg9"), []),
            (AccessSamples.sources("team=ops"), [0, 1]), (AccessSamples.sources("team=ops", "site=north"), [0]),
            (AccessSamples.sources("team=ops", "site=south"), []), (AccessSamples.sources("floor=1"), []),
            (AccessSamples.sources("team=ops", "@wg1", "+ada"), [0, 1, 2, 3]), (AccessSources(), []),
        ])
    func sources(_ sources: AccessSources, _ expected: [Int]) {
        #expect(directory.peers(of: sources) == expected)
    }

    @Test("a reference is one peer or none")
    func references() throws {
        #expect(directory.peer(PeerReference(name: "phone")) == nil)
        #expect(directory.peers(named: PeerReference(name: "phone")) == [0, 2])
        #expect(directory.peer(PeerReference(name: "phone", interface: "wg1")) == 2)
        #expect(directory.peer(PeerReference(name: "nas")) == 3)
        #expect(directory.peers(named: PeerReference(name: "nas", interface: "wg0")).isEmpty)
    }

    @Test("a peer as destination is its addresses and the networks behind it")
    func destinations() throws {
        let nas = directory.prefixes(of: .peer(PeerReference(name: "nas")))
        #expect(nas.map(\.description) == ["10.9.0.3/32", "192.168.7.0/24", "fd42::3/128"])
        #expect(directory.prefixes(of: .peer(PeerReference(name: "phone"))).isEmpty)
        let prefix = try #require(Prefix("10.0.0.0/8"))
        #expect(directory.prefixes(of: .prefix(prefix)) == [prefix])
    }

    @Test("sources that mean the same are the same")
    func canonical() {
        let one = directory.canonical(AccessSamples.sources("nas", "wg1/nas", "laptop", "+bob", "+ada", "+bob", "@wg1"))
        let other = directory.canonical(AccessSamples.sources("@wg1", "+ada", "+bob", "wg0/laptop", "nas"))
        #expect(one == other)
        #expect(one.peers.map(\.description) == ["wg0/laptop", "wg1/nas"])
    }
}
