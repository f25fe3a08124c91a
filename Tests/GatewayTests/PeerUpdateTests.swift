import Credentials
import Gateway
import Manifest
import Model
import Testing

@Suite("Changing peers")
struct PeerUpdateTests {
    let trees = Trees()
    var tree: ManifestTree { trees.tree(["peers/wg0/phone.yaml": Trees.phone]) }

    private func set(_ arguments: String...) throws -> Intent {
        .updatePeer(PeerSelector("phone"), try arguments.map { try FieldEdit(argument: $0, kind: "Peer") })
    }

    private func failure(_ arguments: String...) -> GatewayFailure? {
        do {
            let edits = try arguments.map { try FieldEdit(argument: $0, kind: "Peer") }
            _ = try Intent.updatePeer(PeerSelector("phone"), edits).run(tree)
            return nil
        } catch {
            return error as? GatewayFailure
        }
    }

    @Test("one field changes its own bytes, and the id is written for good")
    func oneField() throws {
        let id = try #require(tree.peer("phone", of: "wg0").flatMap { PeerQuery.id(of: $0, in: tree) })
        let (next, outcome) = try set("routing_mode=full_tunnel", "routes+=10.1.0.0/16").applied(to: tree)
        let expected = Trees.phone.replacing("vpn_only", with: "full_tunnel")
            .replacing("192.168.51.0/24\n", with: "192.168.51.0/24\n  - 10.1.0.0/16\nid: \(id)\n")
        #expect(try next.text("peers/wg0/phone.yaml") == expected)
        #expect(outcome.change?.subject == "Change phone of wg0: routing_mode, routes")
        #expect(
            outcome.change?.body == """
                id: (none) → \(id)
                routing_mode: vpn_only → full_tunnel
                routes: [192.168.50.0/24, 192.168.51.0/24] → [192.168.50.0/24, 192.168.51.0/24, 10.1.0.0/16]
                """)
        #expect(next.errors == [])
    }

    @Test("an id that is given is named in the commit")
    func givenIdentifier() throws {
        let outcome = try set("id=8ee8521f-d6d7-83e6-858f-d8119172e8f9").run(tree)
        #expect(outcome.change?.subject == "Change phone of wg0: id")
        let next = try set("id=8ee8521f-d6d7-83e6-858f-d8119172e8f9").applied(to: tree).tree
        #expect(throws: GatewayFailure.self) { try set("id=").run(next) }
        #expect(throws: GatewayFailure.self) { try set("id=8ee8521f-d6d7-83e6-858f-d8119172e8f0").run(next) }
    }

    @Test("what is so already is no change")
    func unchanged() throws {
        let outcome = try set("routing_mode=vpn_only", "routes+=192.168.50.0/24", "description=").run(tree)
        #expect(outcome.change == nil)
    }

    @Test("a list loses an item, a field its value")
    func removals() throws {
        let next = try set("routes-=192.168.50.0/24", "routing_mode=", "labels.team=ops").applied(to: tree).tree
        let peer = try #require(next.peer("phone", of: "wg0"))
        #expect(peer.routes.map(\.description) == ["192.168.51.0/24"])
        #expect(peer.routingMode == .fullTunnel && peer.labels == ["team": "ops"])
        #expect(try next.text("peers/wg0/phone.yaml")?.contains("# shown in the list") == true)
    }

    @Test("unknown fields, plain secrets and refused values name their field")
    func refusals() throws {
        let unknown = failure("routing_mod=vpn_only")
        #expect(unknown?.description.contains("did you mean \"routing_mode\"?") == true)
        let secret = failure("preshared_key=c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=")
        #expect(secret?.description.contains("never the secret itself") == true)
        #expect(secret?.description.contains("c2VjcmV0") == false)
        guard case .invalidFields(_, _, let fields)? = failure("enabled=maybe") else {
            Issue.record("expected a refused value")
            return
        }
        #expect(fields.map(\.field) == ["enabled"])
        #expect(failure("interface=wg9") == .notFound(kind: "Interface", name: "wg9", similar: ["wg0"]))
    }

    @Test("a rename keeps file, id, keys and secrets")
    func rename() throws {
        let created = try Intent.createPeer(PeerCreation(name: "laptop")).applied(to: tree).tree
        let before = try #require(created.peer("laptop", of: "wg0"))
        let (next, outcome) = try Intent.updatePeer(
            PeerSelector("wg0/laptop"), [FieldEdit(["name"], .set(.string("Anna's laptop")))]
        ).applied(to: created)
        let after = try #require(next.peer("Anna's laptop", of: "wg0"))
        #expect(outcome.object == .peer("Anna's laptop", of: "wg0"))
        #expect(outcome.revoked.isEmpty && outcome.consent == DeleteConsent())
        #expect(after.location.path == before.location.path && after.id == before.id)
        #expect(after.publicKey == before.publicKey)
        _ = try trees.open(after.privateKey, field: "private_key", of: after.publicKey)
        #expect(next.errors == [])
        let taken = Intent.updatePeer(PeerSelector("phone"), [FieldEdit(["name"], .set(.string("Anna's laptop")))])
        #expect(throws: GatewayFailure.self) { try taken.run(next) }
    }

    @Test("new keys: the secrets open for the new key only, the id stays, the old key is named")
    func rotation() throws {
        let created = try Intent.createPeer(PeerCreation(name: "laptop")).applied(to: tree).tree
        let old = try #require(created.peer("laptop", of: "wg0"))
        let intent = Intent.rotateKeys(PeerSelector("laptop"))
        let (next, outcome) = try intent.applied(to: created)
        let new = try #require(next.peer("laptop", of: "wg0"))
        #expect(new.publicKey != old.publicKey && new.id == old.id && new.ip == old.ip)
        let secret = try trees.open(new.privateKey, field: "private_key", of: new.publicKey)
        #expect(KeyPair.publicKey(of: secret) == new.publicKey)
        let preshared = try trees.open(new.presharedKey, field: "preshared_key", of: new.publicKey)
        #expect(preshared != (try trees.open(old.presharedKey, field: "preshared_key", of: old.publicKey)))
        #expect(throws: (any Error).self) {
            try trees.open(old.privateKey, field: "private_key", of: new.publicKey)
        }
        #expect(outcome.revoked == [PeerKey(interface: "wg0", publicKey: old.publicKey)])
        #expect(outcome.consent.keys == [old.publicKey])
        #expect(next.errors == [])
        #expect(try intent.run(next).change == nil)
    }

    @Test("a device that holds its key gives its new one")
    func ownKeyRotation() throws {
        #expect(throws: GatewayFailure.self) { try Intent.rotateKeys(PeerSelector("phone")).run(tree) }
        let key = try #require(PublicKey("YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY="))
        let before = PeerQuery.id(of: try #require(tree.peer("phone", of: "wg0")), in: tree)
        let next = try Intent.rotateKeys(PeerSelector("phone"), publicKey: key).applied(to: tree).tree
        let peer = try #require(next.peer("phone", of: "wg0"))
        #expect(peer.publicKey == key && peer.privateKey == nil && peer.presharedKey == nil && peer.id == before)
    }

    @Test("disable and enable change one word")
    func switches() throws {
        let (off, outcome) = try Intent.disablePeer(PeerSelector("phone")).applied(to: tree)
        #expect(off.peer("phone", of: "wg0")?.enabled == false)
        #expect(outcome.change?.subject == "Disable peer phone of wg0")
        #expect(try set("enabled=false").run(tree).revoked == outcome.revoked)
        #expect(outcome.revoked.count == 1)
        let again = try Intent.disablePeer(PeerSelector("phone")).run(off)
        #expect(again.change == nil && again.revoked.count == 1)
        let on = try Intent.enablePeer(PeerSelector("phone")).applied(to: off).tree
        #expect(on.peer("phone", of: "wg0")?.enabled == true)
    }

    @Test("a peer moves to another interface with a new address and its old id")
    func move() throws {
        let wg1 = "kind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\n"
        let start = trees.tree(["peers/wg0/phone.yaml": Trees.phone, "interfaces/wg1.yaml": wg1])
        let id = PeerQuery.id(of: try #require(start.peer("phone", of: "wg0")), in: start)
        let (next, outcome) = try set("interface=wg1").applied(to: start)
        let peer = try #require(next.peer("phone", of: "wg1"))
        #expect(peer.ip.map(\.description) == ["10.9.0.2"] && peer.id == id)
        #expect(outcome.revoked.map(\.interface) == ["wg0"])
        #expect(next.errors == [])
    }

    @Test("a peer without keys yet gets no id from nothing, and keys when they are rotated")
    func keyless() throws {
        let start = trees.tree(["peers/wg0/new.yaml": "kind: Peer\nname: new\ninterface: wg0\n"])
        let described = try Intent.updatePeer(
            PeerSelector("new"), [try FieldEdit(argument: "description=x", kind: "Peer")]
        ).applied(to: start)
        #expect(try described.tree.text("peers/wg0/new.yaml")?.contains("id:") == false)
        #expect(PeerQuery.id(of: try #require(described.tree.peer("new", of: "wg0")), in: described.tree) == nil)
        let (next, outcome) = try Intent.rotateKeys(PeerSelector("new")).applied(to: described.tree)
        #expect(next.peer("new", of: "wg0")?.privateKey != nil)
        #expect(outcome.revoked.isEmpty && outcome.consent == DeleteConsent())
    }

    @Test("the names of a peer: alone, with its interface, its id; similar ones are shown")
    func selectors() throws {
        let peer = try #require(tree.peer("phone", of: "wg0"))
        for text in ["phone", "wg0/phone", try #require(PeerQuery.id(of: peer, in: tree))] {
            #expect(try PeerSelector(text).peer(in: tree).publicKey == peer.publicKey)
        }
        #expect(throws: GatewayFailure.notFound(kind: "Peer", name: "phome", similar: ["phone"])) {
            try PeerSelector("phome").peer(in: tree)
        }
    }
}
