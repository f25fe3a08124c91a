import Credentials
import Gateway
import Manifest
import Model
import Testing

@Suite("Creating peers")
struct PeerCreationTests {
    let trees = Trees()
    let key = "6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM="

    @Test("a peer with its own key: one file, in the style of the others")
    func ownKey() throws {
        let intent = Intent.createPeer(
            PeerCreation(
                name: "Anna's Phone", publicKey: PublicKey(key),
                fields: [FieldEdit(["routing_mode"], .set(.string("vpn_only")))]))
        let (tree, outcome) = try intent.applied(to: trees.tree())
        #expect(tree.errors == [])
        let id = try #require(tree.peer("Anna's Phone", of: "wg0").flatMap { PeerQuery.id(of: $0, in: tree) })
        #expect(
            try tree.text("peers/wg0/annas-phone.yaml") == """
                # yaml-language-server: $schema=../../.schemas/peer.schema.json
                kind: Peer
                name: Anna's Phone
                interface: wg0
                id: \(id)
                ip: [10.8.0.2, "fd42:8::2"]
                public_key: \(key)
                routing_mode: vpn_only

                """)
        #expect(outcome.change?.subject == "Add peer Anna's Phone to wg0")
        #expect(outcome.change?.body.contains("ip: [10.8.0.2, fd42:8::2]") == true)
        #expect(outcome.change?.files.map(\.path) == ["peers/wg0/annas-phone.yaml"])
        #expect(outcome.object == .peer("Anna's Phone", of: "wg0"))
    }

    @Test("keys made here are sealed to the recipients and match")
    func madeKeys() throws {
        let (tree, outcome) = try Intent.createPeer(PeerCreation(name: "phone")).applied(to: trees.tree())
        #expect(tree.errors == [])
        let peer = try #require(tree.peer("phone", of: "wg0"))
        let secret = try trees.open(peer.privateKey, field: "private_key", of: peer.publicKey)
        #expect(KeyPair.publicKey(of: secret) == peer.publicKey)
        _ = try trees.open(peer.presharedKey, field: "preshared_key", of: peer.publicKey)
        let body = try #require(outcome.change?.body)
        #expect(body.contains("private_key: added") && !body.contains("sealed:"))
    }

    @Test("no preshared key where the settings want none")
    func noPresharedKey() throws {
        let settings = "kind: Settings\nrepository_id: \(Trees.repositoryID)\npeers: {preshared_keys: false}\n"
        let (tree, _) = try Intent.createPeer(PeerCreation(name: "phone")).applied(
            to: trees.tree(["settings.yaml": settings]))
        #expect(tree.peer("phone", of: "wg0")?.presharedKey == nil)
        #expect(tree.peer("phone", of: "wg0")?.privateKey != nil)
    }

    @Test("run again on a newer head: same keys, the next address")
    func runAgain() throws {
        let intent = Intent.createPeer(PeerCreation(name: "laptop"))
        let first = try intent.applied(to: trees.tree()).tree
        let second = try intent.applied(to: trees.tree(["peers/wg0/phone.yaml": Trees.phone])).tree
        let (a, b) = (try #require(first.peer("laptop", of: "wg0")), try #require(second.peer("laptop", of: "wg0")))
        #expect(a.publicKey == b.publicKey)
        #expect(a.ip.map(\.description) == ["10.8.0.2", "fd42:8::2"])
        #expect(b.ip.map(\.description) == ["10.8.0.3", "fd42:8::3"])
        #expect(second.errors == [])
    }

    @Test("without recipients the host is named in the same commit; elsewhere it is refused")
    func firstRecipient() throws {
        var files = trees.files
        files["recipients.yaml"] = nil
        let tree = Trees.tree(files)
        #expect(throws: GatewayFailure.self) { try Intent.createPeer(PeerCreation(name: "phone")).run(tree) }
        let key = trees.host.publicKey
        let intent = Intent.createPeer(PeerCreation(name: "phone")) { () throws(SecretFailure) in
            Recipient(
                name: "gateway", key: key, role: .host, location: SourceLocation(path: "", line: 1, column: 1))
        }
        let next = try intent.applied(to: tree).tree
        #expect(next.errors == [])
        #expect(next.recipients.map(\.key) == [key])
        let peer = try #require(next.peer("phone", of: "wg0"))
        _ = try trees.open(peer.privateKey, field: "private_key", of: peer.publicKey)
    }

    @Test("what can't be created says why")
    func refusals() throws {
        let wg1 = "kind: Interface\nname: wg1\naddress: 10.9.0.1/30\nlisten_port: 51821\n"
        let tree = trees.tree(["peers/wg0/phone.yaml": Trees.phone, "interfaces/wg1.yaml": wg1])
        let other = try #require(PublicKey("YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY="))
        func failure(_ creation: PeerCreation) -> GatewayFailure? {
            do throws(GatewayFailure) {
                _ = try Intent.createPeer(creation).run(tree)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure(PeerCreation(name: "x")) == .ambiguous(kind: "Peer", name: "x", choices: ["wg0/x", "wg1/x"]))
        #expect(
            failure(PeerCreation(name: "x", interface: "wg2"))
                == .notFound(kind: "Interface", name: "wg2", similar: ["wg0"]))
        #expect(
            failure(PeerCreation(name: "phone", interface: "wg0"))
                == .alreadyExists(kind: "Peer", name: "wg0/phone", place: "peers/wg0/phone.yaml:2"))
        let taken = PeerCreation(
            name: "x", interface: "wg0", publicKey: other, fields: [FieldEdit(["ip"], .set(.string("10.8.0.2")))])
        #expect(failure(taken) == .conflict("10.8.0.2 belongs to peer wg0/phone: choose another address"))
        let bad = PeerCreation(
            name: "x", interface: "wg0", publicKey: other, fields: [FieldEdit(["routing_mode"], .set(.string("vpn")))])
        guard case .invalidFields(kind: "Peer", name: "x", let fields)? = failure(bad) else {
            Issue.record("expected a refused field")
            return
        }
        #expect(fields.map(\.field) == ["routing_mode"])
        let name = failure(PeerCreation(name: "a/b", interface: "wg0", publicKey: other))
        #expect(name?.description.contains("must not contain /") == true)
    }

    @Test("two names with one file name get two files")
    func fileNames() throws {
        let keys = [key, "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY="].compactMap { PublicKey($0) }
        let first = try Intent.createPeer(PeerCreation(name: "phone", publicKey: keys[0])).applied(to: trees.tree())
            .tree
        let renamed = try Intent.updatePeer(PeerSelector("phone"), [FieldEdit(["name"], .set(.string("tablet")))])
            .applied(to: first).tree
        let second = try Intent.createPeer(PeerCreation(name: "phone", publicKey: keys[1])).applied(to: renamed)
        #expect(second.outcome.change?.files.map(\.path) == ["peers/wg0/phone-2.yaml"])
        #expect(second.tree.errors == [])
    }
}
