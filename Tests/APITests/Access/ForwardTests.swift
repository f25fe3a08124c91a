import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct ForwardTests {
    private static let phone =
        "kind: Peer\nname: phone\ninterface: wg0\nip: [10.8.0.2]\n"
        + "public_key: \"6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n"
    private static let web = """
        kind: Forward
        name: web
        interface: eth0
        port: 443
        to: {peer: phone, port: 8443}   # the demo
        from: 198.51.100.0/24

        """
    private static let files = ["peers/phone.yaml": phone, "forwards/web.yaml": web]
    private static let path = "/api/forwards"

    @Test func `a forward is added, read, changed and removed`() async throws {
        let gateway = try await TestGateway(Self.files)
        let made = try await gateway.call(
            .post, Self.path, #"{"name": "dns", "port": 5353, "protocol": "udp", "to": {"peer": "wg0/phone"}}"#)
        #expect(made.status == 201, "\(made.message)")
        #expect(made.headers[.location] == "/api/forwards/dns")
        #expect(made.data["to"] == .object([("peer", .string("wg0/phone")), ("port", .null)]))
        let list = try await gateway.call(.get, "\(Self.path)?limit=1&offset=1")
        #expect(list.json["total"] == .integer(2) && list.json["data"].items.map { $0["name"].text } == ["web"])
        let path = "\(Self.path)/web"
        let got = try await gateway.call(.get, path)
        #expect(got.headers[.eTag] == got.data["etag"].text && got.data == list.json["data"].items[0])
        #expect(
            got.data.entries?.map(\.0) == [
                "name", "interface", "protocol", "port", "to", "from", "description", "etag", "observed", "observed_at",
            ])
        let commits = try gateway.commits()
        let text = String(decoding: got.data.compactBytes(), as: UTF8.self)
        for method in [HTTPRequest.Method.put, .patch] {
            let same = try await gateway.call(method, path, text, headers: [.ifMatch: got.headers[.eTag] ?? ""])
            #expect(try same.status == 200 && same.data == got.data && gateway.commits() == commits)
        }
        let changed = try await gateway.call(
            .patch, path, #"{"to": {"port": null}, "interface": null, "from": null, "description": "x"}"#)
        #expect(changed.status == 200, "\(changed.message)")
        #expect(changed.data["to"] == .object([("peer", .string("phone")), ("port", .null)]))
        #expect(changed.data["interface"] == .null && changed.data["from"] == .array([]))
        let file = try gateway.directory.git("show", "HEAD:forwards/web.yaml")
        #expect(
            file == "kind: Forward\nname: web\nport: 443\nto: {peer: phone}   # the demo\ndescription: x", "\(file)")
        #expect(try await gateway.call(.put, path, "{}", headers: [.ifMatch: "\"x\""]).status == 412)
        let gone = try await gateway.call(.delete, path)
        #expect(gone.status == 200 && gone.data["name"] == .string("web"))
        #expect(try await gateway.call(.delete, path).status == 404)
    }

    @Test(arguments: [
        (#"{"name": "web", "port": 443, "to": {"peer": "phone"}}"#, 409, ""),
        (#"{"name": "x", "to": {"peer": "phone"}}"#, 422, "port"),
        (#"{"name": "x", "port": 0, "to": {"peer": "phone"}}"#, 422, "port"),
        (#"{"name": "x", "port": 65536, "to": {"peer": "phone"}}"#, 422, "port"),
        (#"{"name": "x", "port": 80}"#, 422, "to"), (#"{"name": "x", "port": 80, "to": {}}"#, 422, "to"),
        (#"{"name": "x", "port": 80, "to": "phone"}"#, 422, "to"),
        (#"{"name": "x", "port": 80, "to": {"port": 81}}"#, 422, "to"),
        (#"{"name": "x", "port": 80, "to": {"peer": "10.8.0.2"}}"#, 422, "to.peer"),
        (#"{"name": "x", "port": 80, "to": {"peer": "phone", "host": "a"}}"#, 422, "to.host"),
        (#"{"name": "x", "port": 80, "to": {"peer": "phone"}, "protocol": "sctp"}"#, 422, "protocol"),
        (#"{"name": "x", "port": 80, "to": {"peer": "phone"}, "from": ["phone"]}"#, 422, "from"),
        (#"{"name": "x", "port": 80, "to": {"peer": "phone"}, "enabled": true}"#, 422, "enabled"),
        (#"{"name": "x", "port": 80, "to": {"peer": "none"}}"#, 422, "to.peer"),
        (#"{"name": "x", "port": 80, "to": {"peer": "phone"}, "interface": "wg0"}"#, 422, "interface"),
        (#"{"name": "x", "port": 443, "to": {"peer": "phone"}}"#, 422, ""),
    ])
    func `what is no forward is refused with its field`(_ body: String, status: Int, field: String) async throws {
        let gateway = try await TestGateway(Self.files)
        let commits = try gateway.commits()
        let answer = try await gateway.call(.post, Self.path, body)
        #expect(answer.status == status, "\(answer.message)")
        if !field.isEmpty {
            #expect(answer.json["details"]?["fields"].items.first?["field"].text == field, "\(answer.json)")
        }
        #expect(try gateway.commits() == commits)
    }

    @Test func `a forward goes with its peer, and only admins read it`() async throws {
        let gateway = try await TestGateway(Self.files)
        let id = try #require(try await gateway.call(.get, "/api/peers").data["peers"].items.first?["id"].text)
        #expect(try await gateway.call(.patch, "/api/peers/\(id)", #"{"name": "tablet"}"#).status == 200)
        #expect(try await gateway.call(.get, "\(Self.path)/web").data["to"]?["peer"] == .string("tablet"))
        #expect(try await gateway.call(.delete, "/api/peers/\(id)").status == 200)
        #expect(try await gateway.call(.get, Self.path).json["total"] == .integer(0))
        for id in ["listAccess", "getAccess", "listForwards", "getForward"] {
            #expect(Operations.all.first { $0.id == id }?.access == .admin)
        }
    }
}
