import Gateway
import Manifest
import Model
import Testing

@Suite("Removing objects, and interfaces")
struct RemovalTests {
    let trees = Trees()
    let both =
        Trees.phone + """
            ---
            # Ben's.
            kind: Peer
            name: laptop
            interface: wg0
            ip: [10.8.0.3, "fd42:8::3"]
            public_key: "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY="

            """

    @Test("a document among others goes alone, the last one takes the file along")
    func documents() throws {
        let tree = trees.tree(["peers.yaml": both])
        let (next, outcome) = try Intent.removePeer(PeerSelector("laptop")).applied(to: tree)
        #expect(try next.text("peers.yaml") == Trees.phone)
        #expect(outcome.change?.subject == "Remove peer laptop from wg0")
        #expect(outcome.consent.keys.count == 1)
        let last = try Intent.removePeer(PeerSelector("phone")).applied(to: next)
        #expect(last.outcome.change?.files == [FileChange(path: "peers.yaml", content: nil)])
        #expect(last.tree.errors == [])
    }

    @Test("an interface goes with its peers only when that is said")
    func interface() throws {
        let tree = trees.tree(["peers.yaml": both])
        #expect(throws: GatewayFailure.self) { try Intent.removeInterface("wg0").run(tree) }
        let (next, outcome) = try Intent.removeInterface("wg0", withPeers: true).applied(to: tree)
        #expect(next.peers().isEmpty && next.interfaces.isEmpty)
        #expect(outcome.change?.subject == "Remove interface wg0 and its 2 peers")
        #expect(outcome.consent.interfaces == ["wg0"] && outcome.consent.keys.count == 2)
        #expect(outcome.change?.files.map(\.path) == ["peers.yaml", "interfaces/wg0.yaml"])
        // What else stands in a file stays there.
        let mixed = trees.tree([
            "peers.yaml": both
                + "---\n# For later.\nkind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\n"
        ])
        let rest = try Intent.removeInterface("wg0", withPeers: true).applied(to: mixed).tree
        let left = try #require(try rest.text("peers.yaml"))
        #expect(left.hasSuffix("# For later.\nkind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\n"))
        #expect(!left.contains("kind: Peer") && rest.interface("wg1") != nil)
    }

    @Test("10,000 peers go with their interface, each file is edited once")
    func many() throws {
        let peers = (0..<10_000).map { number in
            "kind: Peer\nname: p\(number)\ninterface: wg0\nip: 10.8.\(number >> 8).\(number & 255)\n"
                + "public_key: \(PublicKey(words: (UInt64(number) + 1, 2, 3, 4)))\n"
        }
        let tree = trees.tree(Dictionary(uniqueKeysWithValues: peers.enumerated().map { ("p/\($0).yaml", $1) }))
        let (next, outcome) = try Intent.removeInterface("wg0", withPeers: true).applied(to: tree)
        #expect(next.peers().isEmpty && next.interface("wg0") == nil)
        #expect(outcome.change?.files.count == 10_001)
    }

    @Test("a new interface takes the next port and the style of its siblings")
    func newInterface() throws {
        let address = FieldEdit(["address"], .set(.string("10.9.0.1/24")))
        let (next, outcome) = try Intent.createInterface("wg1", fields: [address]).applied(to: trees.tree())
        #expect(
            try next.text("interfaces/wg1.yaml") == """
                # yaml-language-server: $schema=../.schemas/interface.schema.json
                kind: Interface
                name: wg1
                address: 10.9.0.1/24
                listen_port: 51821

                """)
        #expect(outcome.change?.subject == "Add interface wg1")
        #expect(next.errors == [])
        #expect(throws: GatewayFailure.self) { try Intent.createInterface("wg0", fields: [address]).run(next) }
        let stopped = try Intent.stopInterface("wg1").applied(to: next).tree
        #expect(stopped.interface("wg1")?.enabled == false)
        #expect(try Intent.startInterface("wg1").applied(to: stopped).tree.interface("wg1")?.enabled == true)
        let change = try FieldEdit(argument: "mtu=1380", kind: "Interface")
        let changed = try Intent.updateInterface("wg1", [change]).applied(to: stopped)
        #expect(changed.outcome.change?.subject == "Change interface wg1: mtu")
        #expect(changed.tree.interface("wg1")?.mtu == .fixed(1380))
        let name = try FieldEdit(argument: "name=wg2", kind: "Interface")
        #expect(throws: GatewayFailure.self) { try Intent.updateInterface("wg1", [name]).run(changed.tree) }
    }
}
