import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct DNSRuleTests {
    private static let path = "dns/rules.yaml"
    private static let rules = """
        kind: DNSRules
        rules:
          - {action: block, domain: ads.example.com}  # since May
          - {action: block, domain: shop.example, client: phone}
          - {action: block, domain: shop.example, client: tablet}
          - {action: block, domain: net.example, client: 10.8.0.0/24}
        adblock: |
          ||tracker.example^
          ||tracker.example^$client=tablet

        """
    static let peers = [
        "users/alice.yaml": "kind: User\nusername: alice\nemail: alice@example.com\n",
        "users/admin.yaml": "kind: User\nusername: admin\nemail: admin@example.com\nrole: admin\n",
        "peers/phone.yaml": peer("phone", "10.8.0.2", owner: "alice", key: "A"),
        "peers/tablet.yaml": peer("tablet", "10.8.0.3", owner: "admin", key: "B"),
    ]
    static let alice = Principal(
        proof: .session(id: "2"), userID: "u2", username: "alice", email: "alice@example.com", role: .user)

    private static func peer(_ name: String, _ address: String, owner: String, key: String) -> String {
        "kind: Peer\nname: \(name)\ninterface: wg0\nip: [\(address)]\nowner: \(owner)\n"
            + "public_key: \"\(key)Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n"
    }

    private func gateway() async throws -> TestGateway {
        try await TestGateway(Self.peers.merging([Self.path: Self.rules]) { $1 })
    }

    private func ids(_ gateway: TestGateway) async throws -> [String: String] {
        let rows = try await gateway.call(.get, "/api/dns/rules").json["data"].items
        return Dictionary(rows.map { ($0["text"].text, $0["id"].text) }) { first, _ in first }
    }

    @Test func `the documented rule is added, listed and read`() async throws {
        let gateway = try await gateway()
        let made = try await gateway.call(
            .post, "/api/dns/rules", #"{"action": "block", "domain": "ad.example.com", "client": "phone"}"#)
        #expect(made.status == 201 && made.message == "Resource created successfully", "\(made.message)")
        #expect(made.reconcile["state"] == .string("converged"))
        let id = made.data["id"].text
        #expect(made.headers[.location] == "/api/dns/rules/\(id)" && id.utf8.count == 36)
        #expect(
            made.data.entries?.map(\.0) == [
                "id", "action", "domain", "client", "answer", "comment", "expires_at", "text", "source", "etag",
                "observed", "observed_at",
            ])
        #expect(made.data["observed"] == .object([("state", .string("in_sync"))]))
        let got = try await gateway.call(.get, "/api/dns/rules/\(id)")
        #expect(got.data == made.data && got.headers[.eTag] == made.data["etag"].text)
        let list = try await gateway.call(.get, "/api/dns/rules")
        #expect(list.json["total"] == .integer(7) && list.json["limit"] == .null && list.json["offset"] == .integer(0))
        #expect(
            list.json["data"].items.map { $0["source"].text } == [3, 4, 5, 6, 7, 11, 12].map { "\(Self.path):\($0)" })
        #expect(list.json["data"].items[4] == made.data)
        let page = try await gateway.call(.get, "/api/dns/rules?limit=2&offset=4")
        #expect(page.json["data"].items == Array(list.json["data"].items[4..<6]) && page.json["total"] == .integer(7))
        #expect(try await gateway.call(.get, "/api/dns/rules?limit=101").status == 400)
    }

    @Test func `a PUT of what was read changes nothing, and one of something else keeps id and comments`() async throws
    {
        let gateway = try await gateway()
        let id = try #require(try await ids(gateway)["block ads.example.com"])
        let path = "/api/dns/rules/\(id)"
        let commits = try gateway.commits()
        let got = try await gateway.call(.get, path)
        let same = try await gateway.call(.put, path, String(decoding: got.data.compactBytes(), as: UTF8.self))
        #expect(try same.status == 200 && same.data == got.data && gateway.commits() == commits)
        let put = try await gateway.call(
            .put, path, #"{"domain": "=ads.example.com", "expires_at": "2040-01-01T00:00:00Z"}"#)
        #expect(put.status == 200 && put.data["id"].text == id && put.data["domain"].text == "=ads.example.com")
        #expect(put.data["text"].text == "block =ads.example.com" && put.data["etag"] != got.data["etag"])
        let file = try gateway.directory.git("show", "HEAD:\(Self.path)")
        #expect(file.contains("# since May") && file.contains("id: \(id)"))
        let reset = try await gateway.call(.patch, path, #"{"expires_at": null}"#)
        #expect(reset.data["expires_at"] == .null)
        for (body, field) in [
            (#"{"domain": null}"#, "domain"), (#"{"id": "x"}"#, "id"), (#"{"text": "x"}"#, "text"),
            (#"{"answer": "10.0.0.1"}"#, "answer"), (#"{"client": "nobody"}"#, "client"), (#"{"color": 1}"#, "color"),
        ] {
            let refused = try await gateway.call(.put, path, body)
            #expect(refused.status == 422, "\(body): \(refused.message)")
            #expect(refused.json["details"]?["fields"].items.first?["field"].text == field, "\(refused.json)")
        }
        let nobody = try await gateway.call(.put, path, #"{"client": "nobody"}"#)
        #expect(nobody.json["details"]?["problems"].items.first.text.hasPrefix("dns/rules.yaml:3:") == true)
    }

    @Test func `equal rules and bodies that are none are refused`() async throws {
        let gateway = try await gateway()
        let commits = try gateway.commits()
        for (body, status) in [
            (#"{"action": "block", "domain": "ads.example.com"}"#, 409),
            (#"{"action": "block", "domain": "ADS.example.com.", "comment": "again"}"#, 409),
            (#"{"action": "block", "domain": "shop.example", "client": "wg0/phone"}"#, 409),
            (#"{"action": "block"}"#, 422), (#"{"domain": "a.example"}"#, 422),
            (#"{"action": "rewrite", "domain": "a.example"}"#, 422),
            (#"{"action": "block", "domain": "a.example", "client": "nobody"}"#, 422),
            (#"{"action": "drop", "domain": "a.example"}"#, 422), (#"{"#, 400),
        ] {
            let answer = try await gateway.call(.post, "/api/dns/rules", body)
            #expect(answer.status == status, "\(body): \(answer.message)")
        }
        #expect(try gateway.commits() == commits)
    }

    @Test func `lines of an adblock block are read and deleted, not changed`() async throws {
        let gateway = try await gateway()
        let path = "/api/dns/rules/\(try #require(try await ids(gateway)["||tracker.example^"]))"
        let got = try await gateway.call(.get, path)
        #expect(
            got.data["action"] == .null && got.data["domain"] == .null && got.data["source"].text == "\(Self.path):8")
        let put = try await gateway.call(.put, path, #"{"comment": "x"}"#)
        #expect(put.status == 409 && put.message.contains("line of an adblock block"))
        let deleted = try await gateway.call(.delete, path)
        #expect(deleted.status == 200 && deleted.data["text"].text == "||tracker.example^", "\(deleted.message)")
        #expect(
            try gateway.directory.git("show", "HEAD:\(Self.path)") + "\n"
                == Self.rules.replacing("  ||tracker.example^\n", with: ""))
        #expect(try await gateway.call(.get, path).status == 404)
        #expect(try await gateway.call(.delete, path).status == 404)
    }

    @Test func `If-Match, dry run and idempotency hold as everywhere`() async throws {
        let gateway = try await gateway()
        let id = try #require(try await ids(gateway)["block ads.example.com"])
        let path = "/api/dns/rules/\(id)"
        let tag = try await gateway.call(.get, path).data["etag"].text
        let stale = try await gateway.call(.put, path, #"{"comment": "x"}"#, headers: [.ifMatch: "\"x\""])
        #expect(stale.status == 412)
        #expect(try await gateway.call(.put, path, #"{"comment": "x"}"#, headers: [.ifMatch: tag]).status == 200)
        let commits = try gateway.commits()
        let dry = try await gateway.call(
            .post, "/api/dns/rules?dry_run=true", #"{"action": "allow", "domain": "b.example"}"#)
        #expect(dry.status == 200 && dry.data["subject"].text == "Add DNS rule: allow b.example")
        #expect(dry.data["diff"].items.contains(.string("+    domain: b.example")), "\(dry.data)")
        #expect(try gateway.commits() == commits)
        let body = #"{"action": "block", "domain": "once.example"}"#
        let once = try await gateway.call(.post, "/api/dns/rules", body, headers: [.idempotencyKey: "k"])
        let again = try await gateway.call(.post, "/api/dns/rules", body, headers: [.idempotencyKey: "k"])
        #expect(once.status == 201 && again.status == 201 && again.data["id"] == once.data["id"])
        #expect(try gateway.commits() == commits + 1)
    }

    @Test func `many writes are one commit, or none`() async throws {
        let gateway = try await gateway()
        let id = try #require(try await ids(gateway)["block ads.example.com"])
        let commits = try gateway.commits()
        let good = try await gateway.call(
            .post, "/api/batch",
            """
            {"writes": [
              {"method": "POST", "path": "/api/dns/rules", "body": {"action": "block", "domain": "one.example"}},
              {"method": "POST", "path": "/api/dns/rules", "body": {"action": "block", "domain": "two.example"}},
              {"method": "DELETE", "path": "/api/dns/rules/\(id)"},
              {"method": "PUT", "path": "/api/dns/settings", "body": {"enabled": false}}
            ]}
            """)
        #expect(good.status == 200, "\(good.message)")
        #expect(good.data["results"].items.map { $0["status"].number } == [201, 201, 200, 200])
        #expect(try gateway.commits() == commits + 1)
        let bad = try await gateway.call(
            .post, "/api/batch",
            """
            {"writes": [
              {"method": "POST", "path": "/api/dns/rules", "body": {"action": "block", "domain": "three.example"}},
              {"method": "POST", "path": "/api/dns/rules", "body": {"action": "block", "domain": "three.example"}}
            ]}
            """)
        #expect(bad.status == 409 && bad.json["details"]?["index"] == .integer(1))
        #expect(try gateway.commits() == commits + 1)
    }

    @Test func `a user sees the rules for everybody and for his own peers`() async throws {
        let gateway = try await gateway()
        let list = try await gateway.call(.get, "/api/dns/rules", as: Self.alice)
        #expect(
            list.json["data"].items.map { $0["text"].text } == [
                "block ads.example.com", "block shop.example for phone", "block net.example for 10.8.0.0/24",
                "||tracker.example^",
            ])
        #expect(list.json["total"] == .integer(4))
        let ids = try await ids(gateway)
        let other = try #require(ids["block shop.example for tablet"])
        #expect(try await gateway.call(.get, "/api/dns/rules/\(other)", as: Self.alice).status == 404)
        let own = try #require(ids["block shop.example for phone"])
        #expect(try await gateway.call(.get, "/api/dns/rules/\(own)", as: Self.alice).status == 200)
    }
}
