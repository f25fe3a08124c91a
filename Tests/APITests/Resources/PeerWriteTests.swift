import Gateway
import HTTPTypes
import Model
import Reconciler
import Synchronization
import Testing

@testable import API

@Suite struct PeerWriteTests {
    @Test func `a peer is created as the contract shows, by its author, and is there at once`() async throws {
        let gateway = try await TestGateway()
        let body =
            #"{"name": "New Peer", "interface": "wg0", "ip": "10.8.0.10", "routing_mode": "full_tunnel","#
            + #" "persistent_keepalive": 25}"#
        let answer = try await gateway.call(.post, "/api/peers", body)
        #expect(answer.status == 201)
        #expect(answer.message == "Resource created successfully")
        #expect(answer.reconcile["state"] == .string("converged"))
        #expect(answer.data["ip"] == .string("10.8.0.10"))
        #expect(answer.data["observed"]?["state"] == .string("in_sync"))
        #expect(answer.headers[.eTag] == answer.data["etag"].text)
        let id = answer.data["id"].text
        #expect(answer.headers[.location] == "/api/peers/\(id)")
        let read = try await gateway.call(.get, "/api/peers/\(id)")
        #expect(read.data == answer.data)
        let list = try await gateway.call(.get, "/api/peers")
        #expect(list.data["peers"].items == [read.data])
        #expect(list.data["total"].number == 1 && list.json["total"].number == 1)
        let commit = try gateway.directory.git("log", "-1", "--format=%an <%ae>%n%B")
        #expect(commit.contains("admin <admin@example.com>"))
        #expect(commit.contains("Add peer New Peer to wg0"))
        #expect(commit.contains("Request-Id: req-1") && commit.contains("Via: rest"))
    }

    @Test func `name and interface suffice, and no private key is ever shown`() async throws {
        let gateway = try await TestGateway()
        let answer = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        #expect(answer.status == 201)
        #expect(answer.data["ips"].items == [.string("10.8.0.2"), .string("fd42:8::2")])
        #expect(answer.data["has_private_key"] == .boolean(true))
        #expect(answer.data["private_key"] == nil && answer.data["preshared_key"] == nil)
    }

    @Test func `what is taken is 409, what is wrong is 422 with its field, and neither is committed`() async throws {
        let gateway = try await TestGateway()
        let first = #"{"name": "phone", "interface": "wg0", "ip": "10.8.0.2"}"#
        #expect(try await gateway.call(.post, "/api/peers", first).status == 201)
        let commits = try gateway.commits()
        let cases: [(body: String, status: Int, field: String)] = [
            (#"{"name": "phone", "interface": "wg0"}"#, 409, ""),
            (#"{"name": "other", "interface": "wg0", "ip": "10.8.0.2"}"#, 409, ""),
            (#"{"name": "other", "interface": "wg0", "ip": "10.9.0.2"}"#, 422, "ip"),
            (#"{"name": "other", "interface": "wg0", "ip": "10.8.0.1"}"#, 422, "ip"),
            (#"{"name": "other", "interface": "wg7"}"#, 422, "interface"),
            (#"{"name": "other", "interface": "wg0", "rols": 1}"#, 422, "rols"),
            (#"{"name": "other"}"#, 422, "interface"),
            (#"{"name": "other", "name": "x", "interface": "wg0"}"#, 400, ""),
            (#"[1]"#, 400, ""),
        ]
        for (body, status, field) in cases {
            let answer = try await gateway.call(.post, "/api/peers", body)
            #expect(answer.status == status, "\(body): \(answer.message)")
            guard !field.isEmpty else { continue }
            #expect(
                answer.json["details"]?["fields"].items.contains { $0["field"] == .string(field) } ?? false,
                "\(body): \(answer.json)")
        }
        #expect(try gateway.commits() == commits)
    }

    @Test func `an unchanged body changes nothing, and a stale tag is 412`() async throws {
        let gateway = try await TestGateway()
        let made = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        let path = "/api/peers/\(made.data["id"].text)"
        let commits = try gateway.commits()
        let body = String(decoding: made.data.compactBytes(), as: UTF8.self)
        let same = try await gateway.call(.put, path, body)
        #expect(same.status == 200, "\(same.message)")
        #expect(try gateway.commits() == commits)
        let tag = made.data["etag"].text
        let changed = try await gateway.call(.patch, path, #"{"description": "a"}"#, headers: [.ifMatch: tag])
        #expect(changed.status == 200)
        #expect(changed.data["etag"].text != tag)
        let stale = try await gateway.call(.patch, path, #"{"description": "b"}"#, headers: [.ifMatch: tag])
        #expect(stale.status == 412)
        let reset = try await gateway.call(.patch, path, #"{"description": null}"#)
        #expect(reset.data["etag"].text == tag)
        #expect(try gateway.commits() == commits + 2)
    }

    @Test func `a push between read and write is not lost`() async throws {
        let gateway = try await TestGateway()
        let made = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        let path = "/api/peers/\(made.data["id"].text)"
        let file = "peers/wg0/phone.yaml"
        try gateway.directory.write(
            file, try gateway.directory.git("show", "HEAD:\(file)") + "\ndescription: by hand\n")
        try gateway.directory.commit()
        let stale = try await gateway.call(
            .patch, path, #"{"routing_mode": "vpn_only"}"#, headers: [.ifMatch: made.data["etag"].text])
        #expect(stale.status == 412)
        let merged = try await gateway.call(.patch, path, #"{"routing_mode": "vpn_only"}"#)
        #expect(merged.data["description"] == .string("by hand"))
        #expect(merged.data["routing_mode"] == .string("vpn_only"))
    }

    @Test func `a dry run changes nothing and shows what would be`() async throws {
        let gateway = try await TestGateway()
        let commits = try gateway.commits()
        let answer = try await gateway.call(
            .post, "/api/peers?dry_run=true", #"{"name": "phone", "interface": "wg0"}"#)
        #expect(answer.status == 200)
        #expect(answer.json["dry_run"] == .boolean(true))
        #expect(answer.data["subject"] == .string("Add peer phone to wg0"))
        #expect(answer.data["diff"].items.contains(.string("+name: phone")))
        #expect(try gateway.commits() == commits)
        #expect(try await gateway.call(.get, "/api/peers").data["total"].number == 0)
    }

    @Test func `when the wait runs out the answer says pending`() async throws {
        let gateway = try await TestGateway()
        gateway.host.behaviour.withLock { $0.isStuck = true }
        let answer = try await gateway.call(.post, "/api/peers?wait=0", #"{"name": "phone", "interface": "wg0"}"#)
        #expect(answer.status == 201)
        #expect(answer.reconcile["state"] == .string("pending"))
        #expect(answer.data["observed"]?["state"] == .string("pending"))
        for wait in ["61s", "-1", "5x", "", "1e1"] {
            #expect(try await gateway.call(.post, "/api/peers?wait=\(wait)", "{}").status == 400)
        }
    }

    @Test(arguments: ["disable", "delete"])
    func `access that the kernel does not let go is 500, and the peer shows it`(_ how: String) async throws {
        let gateway = try await TestGateway()
        let made = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        let path = "/api/peers/\(made.data["id"].text)"
        let key = try #require(PublicKey(made.data["public_key"].text))
        gateway.host.behaviour.withLock { $0.keptKeys = [key] }
        let answer =
            how == "delete"
            ? try await gateway.call(.delete, path) : try await gateway.call(.post, "\(path)/disable")
        #expect(answer.status == 500)
        #expect(answer.message.contains("not applied") && answer.message.contains("still in the kernel"))
        #expect(answer.reconcile["state"] == .string("failed"))
        let shown = try await gateway.call(.get, path)
        #expect(shown.data["observed"]?["state"] == .string("failed"), "\(shown.json)")
        gateway.host.behaviour.withLock { $0.keptKeys = [] }
        _ = try await gateway.host.pass(PassOptions(trigger: "test"))
        let after = try await gateway.call(.get, path)
        #expect(how == "delete" ? after.status == 404 : after.data["observed"]?["state"] == .string("in_sync"))
    }

    @Test func `a failing peer is 500, the failure of another one is not`() async throws {
        let gateway = try await TestGateway()
        gateway.host.behaviour.withLock { $0.failing = [ObjectID(.peer, "wg0/other"): "no room"] }
        #expect(try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#).status == 201)
        gateway.host.behaviour.withLock { $0.failing = [ObjectID(.peer, "wg0/laptop"): "no room"] }
        let answer = try await gateway.call(.post, "/api/peers", #"{"name": "laptop", "interface": "wg0"}"#)
        #expect(answer.status == 500)
        #expect(answer.message.hasPrefix("committed as ") && answer.message.contains("no room"))
        let list = try await gateway.call(.get, "/api/peers")
        #expect(list.data["total"].number == 2)
    }

    @Test func `on an invalid head reads show the last good state and writes are 409 with the place`() async throws {
        let gateway = try await TestGateway()
        let made = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        try gateway.directory.write("interfaces/wg0.yaml", "kind: Interface\nname: [\n")
        try gateway.directory.commit()
        let read = try await gateway.call(.get, "/api/peers/\(made.data["id"].text)")
        #expect(read.data["name"] == .string("phone"))
        let commits = try gateway.commits()
        let answer = try await gateway.call(.post, "/api/peers", #"{"name": "other", "interface": "wg0"}"#)
        #expect(answer.status == 409)
        let problems = answer.json["details"]?["problems"].items.map { Optional($0).text } ?? []
        #expect(problems.contains { $0.hasPrefix("interfaces/wg0.yaml:") }, "\(answer.json)")
        #expect(try gateway.commits() == commits)
    }
}
