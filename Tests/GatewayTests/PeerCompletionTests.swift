import Credentials
import Gateway
import Manifest
import Model
import Reconciler
import Testing

@Suite("Completing peers")
struct PeerCompletionTests {
    let trees = Trees()
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let key = "6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM="

    private func complete(_ tree: ManifestTree) throws -> (tree: ManifestTree, outcome: IntentOutcome) {
        try Intent.completePeers(now: Self.now).applied(to: tree)
    }

    @Test("only what is missing is written, and the id")
    func address() throws {
        let text = "# Anna's.\nkind: Peer\nname: phone   # shown\ninterface: wg0\npublic_key: \(Self.key)\n"
        let (tree, outcome) = try complete(trees.tree(["p.yaml": text]))
        let id = try #require(tree.peer("phone", of: "wg0")?.id)
        #expect(try tree.text("p.yaml") == text + "id: \(id)\nip: [10.8.0.2, \"fd42:8::2\"]\n")
        #expect(outcome.change?.subject == "Allocate ip for phone of wg0")
        #expect(outcome.change?.body == "Peer \"phone\" of wg0 gets 10.8.0.2 and fd42:8::2")
        #expect(tree.errors == [])
        #expect(try complete(tree).outcome.change == nil, "a second time there is nothing to do")
    }

    @Test("keys are made, belong together and are sealed to the recipients")
    func keys() throws {
        let (tree, outcome) = try complete(trees.tree(["p.yaml": "kind: Peer\nname: phone\ninterface: wg0\n"]))
        let peer = try #require(tree.peer("phone", of: "wg0"))
        let secret = try trees.open(peer.privateKey, field: "private_key", of: peer.publicKey)
        #expect(KeyPair.publicKey(of: secret) == peer.publicKey)
        _ = try trees.open(peer.presharedKey, field: "preshared_key", of: peer.publicKey)
        #expect(outcome.change?.subject == "Allocate ip and make keys for phone of wg0")
        #expect(tree.errors == [])
    }

    @Test("preshared_key: generate of a peer with its own key")
    func presharedKey() throws {
        let text =
            "kind: Peer\nname: phone\ninterface: wg0\nip: 10.8.0.9\npublic_key: \(Self.key)\npreshared_key: generate\n"
        let (tree, outcome) = try complete(trees.tree(["p.yaml": text]))
        let peer = try #require(tree.peer("phone", of: "wg0"))
        _ = try trees.open(peer.presharedKey, field: "preshared_key", of: peer.publicKey)
        #expect(peer.privateKey == nil && peer.publicKey.description == Self.key)
        #expect(outcome.change?.subject == "Make keys for phone of wg0")
    }

    @Test("many peers in many files are one change, each file once")
    func many() throws {
        let both = ["a", "b"].map { "kind: Peer\nname: \($0)\ninterface: wg0\n" }.joined(separator: "---\n")
        let (tree, outcome) = try complete(
            trees.tree(["p.yaml": both, "q/c.yaml": "kind: Peer\nname: c\ninterface: wg0\nip: 10.8.0.2\n"]))
        #expect(outcome.change?.files.map(\.path) == ["p.yaml", "q/c.yaml"])
        #expect(outcome.change?.subject == "Allocate ip and make keys for 3 peers")
        #expect(
            tree.peers(of: "wg0").flatMap(\.ip).map(\.description) == [
                "10.8.0.3", "fd42:8::3", "10.8.0.4", "fd42:8::4", "10.8.0.2",
            ])
        #expect(Set(tree.peers(of: "wg0").map(\.publicKey)).count == 3)
        #expect(tree.errors == [])
    }

    @Test("a peer that the gateway knows keeps its identifier, and resting addresses are left alone")
    func gateway() throws {
        let key = try #require(PublicKey(Self.key))
        let id = "123e4567-e89b-12d3-a456-426614174000"
        var tree = trees.tree(["p.yaml": "kind: Peer\nname: phone\ninterface: wg0\npublic_key: \(Self.key)\n"])
        var inventory = InventorySnapshot()
        inventory.peers[PeerID(interface: "wg0", publicKey: key)] = KnownPeer(id: id, addresses: [])
        for address in ["10.8.0.2", "fd42:8::2"].compactMap({ IPAddress($0) }) {
            inventory.released[TunnelAddress(interface: "wg0", address: address)] = Self.now
        }
        tree.remember(inventory, at: Self.now)
        let peer = try #require(try complete(tree).tree.peer("phone", of: "wg0"))
        #expect(peer.id == id)
        #expect(peer.ip.map(\.description) == ["10.8.0.3", "fd42:8::3"])
    }

    @Test("nothing is written on top of other mistakes")
    func otherMistakes() throws {
        let tree = trees.tree(["p.yaml": "kind: Peer\nname: phone\ninterface: wg0\n", "q.yaml": "kind: Pear\n"])
        #expect(throws: GatewayFailure.self) { try complete(tree) }
    }
}
