import Manifest
import Model
import Testing

@testable import Gateway

@Suite("Several wishes as one")
struct IntentSequenceTests {
    private let trees = Trees()

    @Test("each sees what those before it made, and all become one change with one change per file")
    func chain() throws {
        let tree = trees.tree(["peers/wg0/phone.yaml": Trees.phone])
        let intent = Intent.sequence([
            .createPeer(PeerCreation(name: "laptop", interface: "wg0")),
            .createPeer(PeerCreation(name: "tablet", interface: "wg0")),
            .disablePeer(PeerSelector("wg0/laptop")), .removePeer(PeerSelector("wg0/phone")),
        ])
        let (next, outcome) = try intent.applied(to: tree)
        #expect(outcome.parts.count == 4)
        #expect(next.peer("laptop", of: "wg0")?.ip.map(\.description) == ["10.8.0.3", "fd42:8::3"])
        #expect(next.peer("tablet", of: "wg0")?.ip.map(\.description) == ["10.8.0.4", "fd42:8::4"])
        #expect(next.peer("laptop", of: "wg0")?.enabled == false)
        #expect(next.peer("phone", of: "wg0") == nil)
        let paths = try #require(outcome.change).files.map(\.path)
        #expect(Set(paths).count == paths.count)
        #expect(outcome.change?.subject == "Make 4 changes")
        #expect(outcome.consent.keys.count == 1)
        #expect(outcome.revoked.count == 2)
        #expect(next.errors.isEmpty)
    }

    @Test("the one that is refused is named, and nothing comes of the others")
    func refusal() throws {
        let intent = Intent.sequence([
            .createPeer(PeerCreation(name: "laptop", interface: "wg0")), .removePeer(PeerSelector("wg0/nobody")),
        ])
        let failure = #expect(throws: GatewayFailure.self) { try intent.run(trees.tree()) }
        guard case .part(1, .notFound) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("one wish keeps its words, and only taking access away makes a whole that does")
    func single() throws {
        let tree = trees.tree(["peers/wg0/phone.yaml": Trees.phone])
        let one = Intent.sequence([.disablePeer(PeerSelector("wg0/phone"))])
        #expect(one.isRevocation)
        #expect(try one.run(tree).change?.subject == "Disable peer phone of wg0")
        #expect(
            !Intent.sequence([.enablePeer(PeerSelector("phone")), .disablePeer(PeerSelector("phone"))]).isRevocation)
        #expect(!Intent.sequence([]).isRevocation)
    }

    @Test("a check that is not met keeps the wish from running")
    func guarded() throws {
        let intent = Intent.startInterface("wg0").guarded { tree throws(GatewayFailure) in
            if tree.interface("wg1") == nil { throw .changed(tag: "1") }
        }
        #expect(throws: GatewayFailure.changed(tag: "1")) { try intent.run(trees.tree()) }
    }

    @Test("a peer is found by its id, also under another name than it had")
    func byID() throws {
        let tree = trees.tree(["peers/wg0/phone.yaml": Trees.phone])
        let peer = try #require(tree.peer("phone", of: "wg0"))
        let id = try #require(PeerQuery.id(of: peer, in: tree))
        for last in [nil, ObjectIdentity.peer("phone", of: "wg0"), .peer("before", of: "wg0")] {
            #expect(try PeerSelector(id: id.uppercased(), last: last).peer(in: tree).name == "phone")
        }
        // A name is no id, even if it looks like one.
        #expect(throws: GatewayFailure.self) { try PeerSelector(id: "phone").peer(in: tree) }
    }
}
