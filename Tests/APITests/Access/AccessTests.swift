import Gateway
import HTTPTypes
import Model
import Reconciler
import Synchronization
import Testing

@testable import API

@Suite struct AccessTests {
    private static let phone =
        "kind: Peer\nname: phone\ninterface: wg0\nip: [10.8.0.2]\n"
        + "public_key: \"6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n"
    private static let ops = """
        kind: Access
        name: ops
        from: {labels: {team: ops}}
        to: [10.20.0.0/24, {peer: phone}]
        ports: tcp/443   # no more

        """
    private static let files = ["peers/phone.yaml": phone, "access/ops.yaml": ops]
    private static let path = "/api/access"

    @Test func `a document is added, read, changed and removed`() async throws {
        let gateway = try await TestGateway(Self.files)
        let made = try await gateway.call(
            .post, Self.path,
            #"{"name": "admins", "from": {"peers": ["phone"]}, "to": "0.0.0.0/0", "action": "allow"}"#)
        #expect(made.status == 201, "\(made.message)")
        #expect(made.headers[.location] == "/api/access/admins")
        #expect(made.data["default"] == .null && made.data["action"] == .string("allow"))
        #expect(made.json["reconcile"]?["state"] == .string("converged"))
        let list = try await gateway.call(.get, Self.path)
        #expect(list.json["total"] == .integer(2))
        #expect(list.json["data"].items.map { $0["name"].text } == ["admins", "ops"])
        let got = try await gateway.call(.get, "\(Self.path)/ops")
        #expect(got.headers[.eTag] == got.data["etag"].text && got.data == list.json["data"].items[1])
        #expect(
            got.data.entries?.map(\.0) == [
                "name", "from", "to", "ports", "action", "default", "description", "etag", "observed", "observed_at",
            ])
        #expect(got.data["to"] == .array([.string("10.20.0.0/24"), .object([("peer", .string("phone"))])]))
        #expect(got.data["from"]?["labels"] == .object([("team", .string("ops"))]))
        #expect(got.data["observed"] == .object([("state", .string("in_sync"))]))
        let commits = try gateway.commits()
        let text = String(decoding: got.data.compactBytes(), as: UTF8.self)
        for method in [HTTPRequest.Method.put, .patch] {
            let same = try await gateway.call(method, "\(Self.path)/ops", text)
            #expect(try same.status == 200 && same.data == got.data && gateway.commits() == commits)
        }
        let gone = try await gateway.call(.delete, "\(Self.path)/ops")
        #expect(gone.status == 200 && gone.data["name"] == .string("ops"))
        #expect(try await gateway.call(.get, "\(Self.path)/ops").status == 404)
    }

    @Test func `a patch is merged into the fields and those inside them, null lets the default count`() async throws {
        let gateway = try await TestGateway(Self.files)
        let path = "\(Self.path)/ops"
        let both = try await gateway.call(
            .patch, path, #"{"from": {"interfaces": ["wg0"], "labels": {"site": "b"}}, "default": "deny"}"#)
        #expect(both.status == 200, "\(both.message)")
        #expect(
            both.data["from"]
                == .object([
                    ("peers", .array([])), ("labels", .object([("site", .string("b")), ("team", .string("ops"))])),
                    ("owners", .array([])), ("interfaces", .array([.string("wg0")])),
                ]))
        let less = try await gateway.call(
            .put, path, #"{"from": {"labels": null}, "ports": null, "default": null, "to": {"peer": "wg0/phone"}}"#)
        #expect(less.status == 200, "\(less.message)")
        #expect(less.data["from"]?["labels"] == .object([]) && less.data["ports"] == .array([]))
        #expect(less.data["default"] == .null)
        #expect(less.data["to"] == .array([.object([("peer", .string("wg0/phone"))])]))
        let file = try gateway.directory.git("show", "HEAD:access/ops.yaml")
        #expect(file == "kind: Access\nname: ops\nfrom: {interfaces: [wg0]}\nto: {peer: wg0/phone}", "\(file)")
        let tag = less.headers[.eTag] ?? ""
        let stale = try await gateway.call(.put, path, #"{"action": "deny"}"#, headers: [.ifMatch: "\"x\""])
        #expect(stale.status == 412)
        #expect(try await gateway.call(.put, path, #"{"action": "deny"}"#, headers: [.ifMatch: tag]).status == 200)
        #expect(try await gateway.call(.delete, path, headers: [.ifMatch: tag]).status == 412)
    }

    @Test(arguments: [
        (#"{"name": "ops", "from": {"peers": "phone"}, "to": "10.0.0.0/8"}"#, 409, ""),
        (#"{"name": "explain", "from": {"peers": "phone"}, "to": "10.0.0.0/8"}"#, 422, "name"),
        (#"{"name": "a/b", "from": {"peers": "phone"}, "to": "10.0.0.0/8"}"#, 422, "name"),
        (#"{"from": {"peers": "phone"}, "to": "10.0.0.0/8"}"#, 422, "name"),
        (#"{"name": "x", "to": "10.0.0.0/8"}"#, 422, "from"),
        (#"{"name": "x", "from": {}, "to": "10.0.0.0/8"}"#, 422, "from"),
        (#"{"name": "x", "from": {"peers": []}, "to": "10.0.0.0/8"}"#, 422, "from"),
        (#"{"name": "x", "from": {"peer": "phone"}, "to": "10.0.0.0/8"}"#, 422, "from.peer"),
        (#"{"name": "x", "from": {"interfaces": ["not a link"]}, "to": "10.0.0.0/8"}"#, 422, "from.interfaces"),
        (#"{"name": "x", "from": {"peers": "phone"}}"#, 422, "to"),
        (#"{"name": "x", "from": {"peers": "phone"}, "to": []}"#, 422, "to"),
        (#"{"name": "x", "from": {"peers": "phone"}, "to": ["phone"]}"#, 422, "to"),
        (#"{"name": "x", "from": {"peers": "phone"}, "to": "10.0.0.0/8", "ports": "tcp"}"#, 422, "ports"),
        (#"{"name": "x", "from": {"peers": "phone"}, "to": "10.0.0.0/8", "action": "drop"}"#, 422, "action"),
        (#"{"name": "x", "from": {"peers": "phone"}, "to": "10.0.0.0/8", "until": "now"}"#, 422, "until"),
        (#"{"name": "x", "from": {"peers": ["none"]}, "to": "10.0.0.0/8"}"#, 422, "from.peers"),
        (#"{"name": "x", "from": {"owners": ["none"]}, "to": "10.0.0.0/8"}"#, 422, "from.owners"),
        (#"{"name": "x", "from": {"peers": "phone"}, "to": [{"peer": "wg0/none"}]}"#, 422, "to"),
        (#"["x"]"#, 400, ""),
    ])
    func `what is no document is refused with its field`(_ body: String, status: Int, field: String) async throws {
        let gateway = try await TestGateway(Self.files)
        let commits = try gateway.commits()
        let answer = try await gateway.call(.post, Self.path, body)
        #expect(answer.status == status, "\(answer.message)")
        if !field.isEmpty {
            #expect(answer.json["details"]?["fields"].items.first?["field"].text == field, "\(answer.json)")
        }
        #expect(try gateway.commits() == commits)
    }

    @Test func `a peer takes along what is about it, and is held by what others need`() async throws {
        let gateway = try await TestGateway(Self.files)
        let (peers, path) = ("/api/peers", "\(Self.path)/ops")
        let id = try #require(try await gateway.call(.get, peers).data["peers"].items.first?["id"].text)
        let renamed = try await gateway.call(.patch, "\(peers)/\(id)", #"{"name": "tablet"}"#)
        #expect(renamed.status == 200, "\(renamed.message)")
        let followed = try await gateway.call(.get, path)
        #expect(followed.data["to"].items.last?["peer"].text == "tablet")
        #expect(try await gateway.call(.put, path, #"{"to": [{"peer": "tablet"}]}"#).status == 200)
        let held = try await gateway.call(.delete, "\(peers)/\(id)")
        #expect(held.status == 409 && held.message.contains("access document ops"), "\(held.message)")
        let batch = try await gateway.call(
            .post, "/api/batch",
            #"{"writes": [{"method": "PATCH", "path": "/api/access/ops", "body": {"to": "10.20.0.0/24"}},"#
                + #" {"method": "DELETE", "path": "/api/peers/\#(id)"}]}"#)
        #expect(batch.status == 200, "\(batch.message)")
        #expect(batch.data["results"].items.first?["data"]?["to"] == .array([.string("10.20.0.0/24")]))
    }

    @Test func `what the firewall refuses is 500, for each document that it holds`() async throws {
        let gateway = try await TestGateway(Self.files)
        gateway.host.behaviour.withLock { $0.failing = [.firewallTable: "no room"] }
        let failed = try await gateway.call(.patch, "\(Self.path)/ops", #"{"action": "deny"}"#)
        #expect(failed.status == 500 && failed.message.contains("no room"), "\(failed.message)")
        let shown = try await gateway.call(.get, "\(Self.path)/ops")
        #expect(shown.data["action"] == .string("deny"))
        #expect(shown.data["observed"] == .object([("state", .string("failed"))]))
        let forward = try await gateway.call(
            .post, "/api/forwards", #"{"name": "web", "port": 443, "to": {"peer": "phone"}}"#)
        #expect(forward.status == 500, "\(forward.message)")
        // Members that were not written leave the document behind, not the table.
        let document = ObjectID(.access, "ops")
        gateway.host.behaviour.withLock { $0.failing = [document: "no such set"] }
        let members = try await gateway.call(.patch, "\(Self.path)/ops", #"{"to": ["10.30.0.0/24"]}"#)
        #expect(members.status == 500 && members.message.contains("no such set"), "\(members.message)")
        gateway.host.behaviour.withLock { $0.failing = [.firewallTable: "no room"] }
        // What is not a matter of the firewall is written all the same.
        let peer = try await gateway.call(.post, "/api/peers", #"{"name": "other", "interface": "wg0"}"#)
        #expect(peer.status == 201, "\(peer.message)")
        gateway.host.behaviour.withLock { $0.failing = [:] }
        let removed = try await gateway.call(.delete, "\(Self.path)/ops")
        #expect(removed.status == 200 && removed.json["reconcile"]?["state"] == .string("converged"))
    }

    @Test func `a dry run shows the file and writes nothing`() async throws {
        let gateway = try await TestGateway(Self.files)
        let commits = try gateway.commits()
        let dry = try await gateway.call(.patch, "\(Self.path)/ops?dry_run=true", #"{"action": "deny"}"#)
        #expect(dry.status == 200 && dry.data["object"]?["kind"] == .string("Access"))
        #expect(dry.data["diff"].items.contains(.string("+action: deny")), "\(dry.data)")
        #expect(try gateway.commits() == commits)
    }
}
