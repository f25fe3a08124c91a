import Gateway
import Manifest
import Model
import Testing

@Suite("Access documents and forwards")
struct AccessIntentTests {
    let trees = Trees()
    private static let laptop = """
        kind: Peer
        name: laptop
        interface: wg0
        ip: 10.8.0.3
        public_key: "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY="

        """
    private static let ops = """
        kind: Access
        name: ops
        from:
          peers: [phone, wg0/laptop]   # both of Anna's
          labels: {team: ops}
        to:
          - 10.20.0.0/24   # the servers
          - {peer: laptop}
        default: allow

        """
    private static let web = "kind: Forward\nname: web\nport: 443\nto: {peer: wg0/laptop, port: 8443}   # the demo\n"

    private func tree(_ more: [String: String] = [:]) -> ManifestTree {
        let files = ["peers/phone.yaml": Trees.phone, "peers/laptop.yaml": Self.laptop, "access/ops.yaml": Self.ops]
        return trees.tree(files.merging(["forwards/web.yaml": Self.web]) { $1 }.merging(more) { $1 })
    }

    private func refusal(_ intent: Intent, _ tree: ManifestTree) -> String {
        let failure = #expect(throws: GatewayFailure.self) { try intent.run(tree) }
        return failure?.description ?? ""
    }

    private func edits(_ body: String, _ kind: ResourceKind) throws -> [FieldEdit] {
        try BodyEdits(Array(body.utf8), kind: kind, shown: nil).edits
    }

    @Test("a new document gets a file of its own, its fields in the order of the table")
    func creation() throws {
        let body = #"{"to": [{"peer": "phone"}], "from": {"labels": {"team": "ops", "b": "c"}}, "name": "new"}"#
        let (next, outcome) = try Intent.createAccess("new", fields: try edits(body, .access)).applied(to: tree())
        #expect(outcome.change?.subject == "Add access document new" && outcome.object == .access("new"))
        let made = try next.text("access/new.yaml") ?? ""
        #expect(
            made == """
                kind: Access
                name: new
                from:
                  labels:
                    team: ops
                    b: c
                to:
                  - peer: phone

                """, "\(made)")
        #expect(next.accessRule("new")?.from.labels == ["team": "ops", "b": "c"] && next.errors == [])
        let port = #"{"name": "ssh", "port": 2222, "to": {"peer": "phone", "port": 22}, "protocol": "tcp"}"#
        let (last, _) = try Intent.createForward("ssh", fields: try edits(port, .forward)).applied(to: next)
        let ssh = try last.text("forwards/ssh.yaml") ?? ""
        #expect(
            ssh == "kind: Forward\nname: ssh\nprotocol: tcp\nport: 2222\nto:\n  peer: phone\n  port: 22\n", "\(ssh)")
        #expect(refusal(.createForward("ssh", fields: []), last).contains("exists already: forwards/ssh.yaml:1"))
        #expect(refusal(.createAccess("ops", fields: []), last).contains("access document \"ops\" exists already"))
        #expect(refusal(.removeAccess("opps"), last) == "no access document \"opps\": did you mean ops?")
        // The line for editors is that of the other files.
        let first = try Intent.createForward("ssh", fields: try edits(port, .forward)).applied(
            to: trees.tree(["peers/phone.yaml": Trees.phone]))
        #expect(try first.tree.text("forwards/ssh.yaml")?.contains("$schema=../.schemas/forward.schema.json") == true)
    }

    @Test("fields inside a field are changed alone, and every other byte stays")
    func update() throws {
        let change = [FieldEdit(["from", "labels", "team"], .set(.string("dev"))), FieldEdit(["default"], .remove)]
        let (next, outcome) = try Intent.updateAccess("ops", change).applied(to: tree())
        #expect(
            try next.text("access/ops.yaml")
                == Self.ops.replacing("team: ops", with: "team: dev").replacing("default: allow\n", with: ""))
        #expect(outcome.change?.subject == "Change access document ops: from, default")
        #expect(try Intent.updateAccess("ops", [FieldEdit(["default"], .remove)]).run(next).change == nil)
        let rename = Intent.updateForward("web", [FieldEdit(["name"], .set(.string("www")))])
        #expect(refusal(rename, next).contains("the name of a forward is its identity"))
    }

    @Test("what names a peer follows its rename and its move")
    func rename() throws {
        let edit = [FieldEdit(["name"], .set(.string("notebook")))]
        let (next, _) = try Intent.updatePeer(PeerSelector("laptop"), edit).applied(to: tree())
        #expect(
            try next.text("access/ops.yaml")
                == Self.ops.replacing("wg0/laptop", with: "wg0/notebook").replacing("laptop}", with: "notebook}"))
        #expect(try next.text("forwards/web.yaml") == Self.web.replacing("laptop", with: "notebook"))
        #expect(next.errors == [])
        let move = [FieldEdit(["interface"], .set(.string("wg1")))]
        let wg1 = "kind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\n"
        let twins = Self.laptop.replacing("laptop", with: "phone").replacing("wg0", with: "wg1")
            .replacing("10.8.0.3", with: "10.9.0.3").replacing("YWJ", with: "YWN")
        let (moved, _) = try Intent.updatePeer(PeerSelector("laptop"), move).applied(
            to: tree(["interfaces/wg1.yaml": wg1]))
        #expect(moved.accessRule("ops")?.from.peers.map(\.description) == ["phone", "wg1/laptop"])
        #expect(moved.accessRule("ops")?.to.map(\.description) == ["10.20.0.0/24", "peer laptop"])
        #expect(moved.forward("web")?.to.peer.description == "wg1/laptop" && moved.errors == [])
        // A name of several peers needs the interface from then on.
        let several = tree([
            "interfaces/wg1.yaml": wg1, "peers/twin.yaml": twins,
            "access/ops.yaml": Self.ops.replacing("phone, ", with: "wg0/phone, "),
        ])
        let (same, _) = try Intent.updatePeer(PeerSelector("laptop"), [FieldEdit(["interface"], .set(.string("wg1")))])
            .applied(to: several)
        let (twin, _) = try Intent.updatePeer(
            PeerSelector(interface: "wg0", name: "phone"), [FieldEdit(["name"], .set(.string("laptop")))]
        ).applied(to: same)
        #expect(twin.accessRule("ops")?.from.peers.map(\.description) == ["wg0/laptop", "wg1/laptop"])
    }

    @Test("a single value follows a rename as a list does")
    func single() throws {
        let one = "kind: Access\nname: one\nfrom: {peers: laptop}\nto: {peer: laptop}\n"
        let tree = tree(["access/one.yaml": one])
        let edit = [FieldEdit(["name"], .set(.string("notebook")))]
        let (next, _) = try Intent.updatePeer(PeerSelector("laptop"), edit).applied(to: tree)
        #expect(try next.text("access/one.yaml") == one.replacing("laptop", with: "notebook"))
    }

    @Test("with a peer goes what is about it alone")
    func removal() throws {
        let mine = "kind: Access\nname: mine\nfrom: {peers: [laptop]}\nto: 10.20.0.0/24\n"
        let block = "kind: Access\nname: block\nfrom: {labels: {team: ops}}\nto: {peer: laptop}\naction: deny\n"
        let tree = tree(["access/mine.yaml": mine, "access/block.yaml": block])
        let (next, outcome) = try Intent.removePeer(PeerSelector("laptop")).applied(to: tree)
        #expect(next.forwards == [] && next.accessRules.map(\.name) == ["ops"] && next.errors == [])
        #expect(
            try next.text("access/ops.yaml")
                == Self.ops.replacing(", wg0/laptop", with: "").replacing("  - {peer: laptop}\n", with: ""))
        let lines = try #require(outcome.change?.body.split(separator: "\n"))
        #expect(
            lines.suffix(4) == [
                "forward web goes with it", "access document block goes with it", "access document mine goes with it",
                "access document ops does not name it any more",
            ])
    }

    @Test("a peer stays while its removal would let others in elsewhere")
    func heldBack() throws {
        let held = "kind: Access\nname: held\nfrom: {labels: {team: ops}}\nto: {peer: wg0/laptop}\nports: tcp/443\n"
        let tree = tree(["access/held.yaml": held])
        let words = "access document held leads nowhere else and holds its peers back from the rest"
        #expect(refusal(.removePeer(PeerSelector("laptop")), tree).contains(words))
        #expect(refusal(.removeInterface("wg0", withPeers: true), tree).contains(words))
        // Disabling is not held up.
        #expect(try Intent.disablePeer(PeerSelector("laptop")).run(tree).change != nil)
        let free = Intent.sequence([.removeAccess("held"), .removePeer(PeerSelector("laptop"))])
        #expect(try free.applied(to: tree).tree.errors == [])
    }

    @Test("with an interface goes what names it and its peers")
    func interface() throws {
        let wg1 = "kind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\n"
        let all = "kind: Access\nname: all\nfrom: {interfaces: \"wg0, wg1\"}   # both\nto: 10.20.0.0/24\n"
        let one = "kind: Access\nname: one\nfrom: {interfaces: [wg0]}\nto: 10.20.0.0/24\n"
        let tree = tree(["interfaces/wg1.yaml": wg1, "access/all.yaml": all, "access/one.yaml": one])
        let (next, _) = try Intent.removeInterface("wg0", withPeers: true).applied(to: tree)
        #expect(next.accessRules.map(\.name) == ["all", "ops"] && next.forwards == [])
        let rest = try next.text("access/all.yaml") ?? ""
        #expect(rest == all.replacing("\"wg0, wg1\"", with: "[\"wg1\"]"), "\(rest)")
        #expect(next.accessRule("ops")?.from.peers == [] && next.errors == [])
    }

    @Test("owners follow a rename, and stay while peers are theirs")
    func owners() throws {
        let user = """
            kind: User
            username: anna
            email: anna@example.com
            role: user
            password_hash: "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$\
            RdescudvJCsgt3ub+b7dWRWJTmaaJObG9P5rnQxfP6k"

            """
        let root = user.replacing("anna", with: "root").replacing("role: user", with: "role: admin")
        let hers = "kind: Access\nname: hers\nfrom: {owners: [anna, root]}\nto: 10.20.0.0/24\n"
        let alone = "kind: Access\nname: alone\nfrom: {owners: anna}\nto: 10.20.0.0/24\n"
        let files = [
            "users/anna.yaml": user, "users/root.yaml": root, "access/hers.yaml": hers, "access/alone.yaml": alone,
        ]
        let owned = tree(files.merging(["peers/laptop.yaml": Self.laptop + "owner: anna\n"]) { $1 })
        let rename = [FieldEdit(["username"], .set(.string("ann")))]
        let (next, _) = try Intent.updateUser(UserSelector("anna"), rename).applied(to: owned)
        #expect(next.accessRule("hers")?.from.owners == ["ann", "root"])
        #expect(next.accessRule("alone")?.from.owners == ["ann"] && next.errors == [])
        #expect(refusal(.removeUser(UserSelector("anna")), owned).contains("is about the peers of user anna"))
        let (gone, _) = try Intent.removeUser(UserSelector("anna")).applied(to: tree(files))
        #expect(gone.accessRules.map(\.name) == ["hers", "ops"] && gone.errors == [])
        #expect(try gone.text("access/hers.yaml") == hers.replacing("anna, ", with: ""))
    }
}
