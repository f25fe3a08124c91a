import Credentials
import Gateway
import Manifest
import Model
import Testing

@Suite("Bodies of the API")
struct BodyEditsTests {
    let trees = Trees()

    private func edits(_ json: String, _ kind: ResourceKind, _ shown: JSONValue? = nil) throws -> BodyEdits {
        try BodyEdits(Array(json.utf8), kind: kind, shown: shown)
    }

    /// The fields that are refused.
    private func faults(_ json: String, _ kind: ResourceKind, _ shown: JSONValue? = nil) -> [String] {
        do {
            _ = try edits(json, kind, shown)
            return []
        } catch let GatewayFailure.invalidFields(_, _, fields) {
            return fields.map(\.field)
        } catch {
            return ["\(error)"]
        }
    }

    private func shownPhone(_ tree: ManifestTree) throws -> JSONValue {
        let peer = try #require(tree.peer("phone", of: "wg0"))
        return .object(
            ObjectView.peer(peer, in: tree) + [
                ("status", .string("idle")), ("last_handshake", .null), ("etag", .string(ObjectTag.of(peer))),
                ("observed", .object([("endpoint", .null)])),
            ])
    }

    @Test(
        "what is no JSON object is malformed, with its place",
        arguments: [
            ("", "the body is empty: a JSON object is expected"), ("[]", "1:1: the body must be a JSON object"),
            ("{\"name\": 1, \"name\": 2}", "1:13: "), ("{\"a\": nul}", "1:7: "), ("{\n  \"a\": 1,\n}", "3:1: "),
            ("{} {}", "1:4: "), ("{\"a\": 01}", "1:7: "), ("{'a': 1}", "1:2: "), ("// {}", "1:1: "),
            (String(repeating: "{\"a\":", count: 40) + "1" + String(repeating: "}", count: 40), "1:161: "),
        ])
    func malformed(json: String, message: String) throws {
        let failure = #expect(throws: GatewayFailure.self) { try edits(json, .peer) }
        guard case .malformed(let what) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(what.hasPrefix(message), "\(what)")
    }

    @Test("bytes that are no UTF-8 are malformed")
    func encoding() {
        let bytes = Array("{\"name\": \"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
        let failure = #expect(throws: GatewayFailure.self) { try BodyEdits(bytes, kind: .peer, shown: nil) }
        guard case .malformed = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test(
        "a new object takes the fields of its kind and no others",
        arguments: [
            (#"{"name": "a", "interface": "wg0"}"#, ResourceKind.peer, []),
            (#"{"name": "a"}"#, .peer, ["interface"]), ("{}", .peer, ["name", "interface"]),
            (#"{"name": null, "interface": "wg0"}"#, .peer, ["name"]),
            (
                #"{"name": 5, "interface": true, "ip": {}, "enabled": "yes"}"#, .peer,
                ["name", "interface", "ip", "enabled"]
            ),
            (#"{"name": "a", "interface": "wg0", "ownr": "x"}"#, .peer, ["ownr"]),
            (#"{"name": "a", "interface": "wg0", "status": "idle"}"#, .peer, ["status"]),
            (#"{"name": "a", "interface": "wg0", "dns": {}}"#, .peer, []),
            (#"{"name": "a", "interface": "wg0", "dns": 5}"#, .peer, ["dns"]),
            (#"{"name": "a", "interface": "wg0", "access": {}}"#, .peer, ["access"]),
            (#"{"name": "a\u0000b", "interface": "wg0"}"#, .peer, ["name"]),
            (#"{"name": "a", "interface": "wg0", "persistent_keepalive": 1e9}"#, .peer, ["persistent_keepalive"]),
            (#"{"name": "a", "interface": "wg0", "persistent_keepalive": 25.0}"#, .peer, ["persistent_keepalive"]),
            (
                #"{"name": "a", "interface": "wg0", "persistent_keepalive": 99999999999999999999999}"#, .peer,
                ["persistent_keepalive"]
            ),
            (#"{"name": "a", "interface": "wg0", "ip": "10.8.0.2, 10.8.0.3"}"#, .peer, []),
            (#"{"name": "a", "interface": "wg0", "private_key": "short"}"#, .peer, ["private_key"]),
            (#"{"name": "a", "interface": "wg0", "preshared_key": 5}"#, .peer, ["preshared_key"]),
            (
                #"{"name": "wg0", "address": "10.8.0.1/24", "listen_port": 51820, "dns": "1.1.1.1, 1.0.0.1"}"#,
                .interface, []
            ),
            (#"{"kind": "Interface", "name": "wg0", "address": "10.8.0.1/24"}"#, .interface, []),
            (#"{"kind": "Peer", "name": "wg0", "address": "10.8.0.1/24"}"#, .interface, ["kind"]),
            (#"{"username": "newuser", "password": "SecurePassword123!", "role": "user"}"#, .user, []),
            (#"{"username": "newuser", "password": null}"#, .user, ["password"]),
            (#"{"username": "newuser", "password_hash": "x"}"#, .user, ["password_hash", "password"]),
            (#"{"username": "me", "password": "x", "role": "root"}"#, .user, ["username", "role"]),
        ] as [(String, ResourceKind, [String])])
    func creation(json: String, kind: ResourceKind, refused: [String]) {
        #expect(faults(json, kind) == refused)
    }

    @Test("no refusal shows a secret")
    func secretsStayHidden() throws {
        let secret = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0ISEhISEx"
        for field in ["private_key", "preshared_key"] {
            for text in [secret, "sealed:\(secret)", "\(secret)="] {
                let json = #"{"name": "a", "interface": "wg0", "\#(field)": "\#(text)"}"#
                let failure = #expect(throws: GatewayFailure.self) { try edits(json, .peer) }
                #expect(!String(reflecting: failure).contains(secret), "\(field)")
            }
        }
        let body = try edits(#"{"username": "alice", "password": "\#(secret)"}"#, .user)
        #expect(!String(reflecting: body).contains(secret))
    }

    @Test(
        "a change of a peer is what differs from what is there",
        arguments: [
            (#"{}"#, []), (#"{"routing_mode": "isolated"}"#, []), (#"{"ip": "10.8.0.2"}"#, []),
            (#"{"ips": ["10.8.0.2", "FD42:8:0::2"]}"#, []), (#"{"ips": "10.8.0.2, fd42:8::2"}"#, []),
            (#"{"routes": "192.168.50.0/24,192.168.51.0/24"}"#, []), (#"{"expires_at": null, "endpoint": null}"#, []),
            (#"{"enabled": true, "labels": {}, "description": ""}"#, []),
            (#"{"status": "connected", "observed": {"endpoint": "192.0.2.1:1"}, "last_handshake": 5}"#, []),
            (#"{"has_private_key": false, "has_preshared_key": false, "private_key": null}"#, []),
            (#"{"ip": "10.8.0.9"}"#, [FieldEdit(["ip"], .set(.list([.string("10.8.0.9"), .string("fd42:8::2")])))]),
            (#"{"ip": "fd42:8::9"}"#, [FieldEdit(["ip"], .set(.list([.string("10.8.0.2"), .string("fd42:8::9")])))]),
            (#"{"ip": ["10.8.0.9"]}"#, [FieldEdit(["ip"], .set(.list([.string("10.8.0.9")])))]),
            (#"{"routing_mode": null}"#, [FieldEdit(["routing_mode"], .remove)]),
            (#"{"labels": {"team": "ops", "site": null}}"#, [FieldEdit(["labels", "team"], .set(.string("ops")))]),
            (#"{"enabled": false}"#, [FieldEdit(["enabled"], .set(.boolean(false)))]),
            (#"{"preshared_key": "generate"}"#, [FieldEdit(["preshared_key"], .set(.string("generate")))]),
        ] as [(String, [FieldEdit])])
    func changes(json: String, expected: [FieldEdit]) throws {
        let tree = trees.tree(["peers/phone.yaml": Trees.phone])
        #expect(try edits(json, .peer, try shownPhone(tree)).edits == expected)
    }

    @Test(
        "what is read-only, unknown or has no default is refused",
        arguments: [
            (#"{"id": "123e4567-e89b-12d3-a456-426614174000"}"#, ["id"]), (#"{"etag": "\"x\""}"#, ["etag"]),
            (#"{"has_private_key": true}"#, ["has_private_key"]), (#"{"peer_count": 1}"#, ["peer_count"]),
            (#"{"name": null}"#, ["name"]), (#"{"labels": {"-": "x", "a": 1}}"#, ["labels", "labels"]),
            (#"{"labels": []}"#, ["labels"]), (#"{"observe": {}}"#, ["observe"]),
        ])
    func refusals(json: String, refused: [String]) throws {
        let tree = trees.tree(["peers/phone.yaml": Trees.phone])
        #expect(faults(json, .peer, try shownPhone(tree)) == refused)
    }

    @Test("did you mean")
    func spelling() {
        let failure = #expect(throws: GatewayFailure.self) {
            try edits(#"{"name": "a", "interface": "wg0", "isolate": true}"#, .peer)
        }
        #expect(failure?.description.contains("did you mean \"isolated\"?") == true)
    }

    @Test("keys in plain text are sealed into the peer")
    func sealing() throws {
        let (device, shared) = (KeyPair.generate(), KeyPair.generate().privateKey)
        let json = """
            {"name": "tablet", "interface": "wg0", "private_key": "\(device.privateKey.exposedText())",
             "preshared_key": "\(shared.exposedText())"}
            """
        let creation = try PeerCreation(try edits(json, .peer))
        let (tree, outcome) = try Intent.createPeer(creation).applied(to: trees.tree())
        let peer = try #require(tree.peer("tablet", of: "wg0"))
        #expect(peer.publicKey == device.publicKey && tree.errors == [])
        #expect(try trees.open(peer.privateKey, field: "private_key", of: device.publicKey) == device.privateKey)
        #expect(try trees.open(peer.presharedKey, field: "preshared_key", of: device.publicKey) == shared)
        #expect(outcome.change?.body.contains(device.privateKey.exposedText()) == false)

        let other = KeyPair.generate()
        let shown = JSONValue.object(ObjectView.peer(peer, in: tree))
        let body = try edits(#"{"private_key": "\#(other.privateKey.exposedText())"}"#, .peer, shown)
        let selector = PeerSelector("tablet")
        let changed = try Intent.updatePeer(selector, body.edits, secrets: body.secrets).applied(to: tree)
        let rotated = try #require(changed.tree.peer("tablet", of: "wg0"))
        #expect(rotated.publicKey == other.publicKey && rotated.id == peer.id && changed.tree.errors == [])
        #expect(try trees.open(rotated.privateKey, field: "private_key", of: other.publicKey) == other.privateKey)
        #expect(changed.outcome.revoked == [PeerKey(interface: "wg0", publicKey: device.publicKey)])

        let foreign = """
            {"name": "x", "interface": "wg0", "public_key": "\(other.publicKey)",
             "private_key": "\(device.privateKey.exposedText())"}
            """
        let mismatch = try PeerCreation(try edits(foreign, .peer))
        #expect(throws: GatewayFailure.self) { try Intent.createPeer(mismatch).run(trees.tree()) }
    }

    @Test("the key of an interface is sealed for its name")
    func interfaceKey() throws {
        let key = KeyPair.generate()
        let address = FieldEdit(["address"], .set(.string("10.9.0.1/24")))
        let created = try Intent.createInterface("wg1", fields: [address], privateKey: key.privateKey)
            .applied(to: trees.tree()).tree
        let context = SecretContext.interface("wg1", field: "private_key", repositoryID: Trees.repositoryID)
        let opener = SecretOpener([try RecipientKey(trees.host.privateKey)], of: "the test")
        let text = try #require(created.interface("wg1")?.privateKey?.text)
        #expect(try opener.openKey(text, for: context) == key.privateKey && created.errors == [])
        let again = KeyPair.generate()
        let updated = try Intent.updateInterface("wg1", [], privateKey: again.privateKey).applied(to: created).tree
        let newText = try #require(updated.interface("wg1")?.privateKey?.text)
        #expect(try opener.openKey(newText, for: context) == again.privateKey)
    }
}
