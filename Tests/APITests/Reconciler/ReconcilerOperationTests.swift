import Database
import Gateway
import HTTPTypes
import Model
import Reconciler
import Testing

@testable import API

@Suite struct ReconcilerOperationTests {
    private static let peer = """
        kind: Peer
        name: phone
        interface: wg0
        ip: 10.8.0.2
        public_key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=

        """
    private static let key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="

    @Test func `status says what is applied, and nothing that only commands say`() async throws {
        let gateway = try await TestGateway(["peers/phone.yaml": Self.peer])
        let answer = try await gateway.call(.get, "/api/status")
        #expect(answer.status == 200)
        #expect(answer.data["revision"]?["id"].text == gateway.host.view?.report.inForce)
        #expect(answer.data["document"] == nil && answer.data["exit_code"] == nil)
    }

    @Test(arguments: ["/api/plan", "/api/drift"])
    func `plan and drift are documents about a preview`(_ path: String) async throws {
        let gateway = try await TestGateway()
        let answer = try await gateway.call(.get, path)
        #expect(answer.status == 200)
        #expect(answer.data["changes"].kind == "array" && answer.data["exit_code"] == nil)
    }

    @Test func `drift is JSON or a page`() async throws {
        let gateway = try await TestGateway()
        #expect(try await gateway.call(.get, "/api/drift?format=json").status == 200)
        let page = try await gateway.call(.get, "/api/drift?format=html")
        #expect(page.status == 200 && page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(
            page.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'") == true)
        #expect(page.headers[.contentSecurityPolicy]?.contains("script") == false)
        #expect(try await gateway.call(.get, "/api/drift?format=sarif").status == 400)
    }

    @Test func `the history of drift is a list with pages`() async throws {
        let gateway = try await TestGateway()
        let now = gateway.services.clock.now()
        for number in 1...3 {
            let at = now.advanced(bySeconds: Int64(number - 10))
            var update = DriftUpdate(pass: "p", at: at)
            var record = DriftRecord(
                object: ObjectID(.peer, "wg0/\(number)"), peer: nil, action: .update,
                fields: [FieldChange("allowed_ips", before: "10.0.0.1/32", after: nil)],
                fingerprint: "000000000000000\(number)", firstSeen: at, lastSeen: at, count: 1, pass: "p",
                writer: LikelyWriter(name: "ufw", evidence: "its file"))
            if number < 3 { (record.healedAt, record.healing) = (at, .loop) }
            update.seen = [record]
            try await gateway.database.recordDrift(update)
        }
        let page = try await gateway.call(.get, "/api/drift/history?limit=2")
        #expect(page.status == 200 && page.json["total"].number == 3 && page.json["limit"].number == 2)
        #expect(page.data.array.map { $0["object"]?["name"].text } == ["wg0/3", "wg0/2"])
        #expect(page.data.array.map { $0["healed_by"].text } == ["", "loop"])
        #expect(page.data.array.first?["likely_writer"]?["evidence"].text == "its file")
        let since = now.advanced(bySeconds: -8)
        let late = try await gateway.call(.get, "/api/drift/history?since=\(since)")
        #expect(late.json["total"].number == 2)
        for query in ["since=yesterday", "limit=0", "limit=101", "offset=-1"] {
            #expect(try await gateway.call(.get, "/api/drift/history?\(query)").status == 400, "\(query)")
        }
    }

    @Test(arguments: [
        ("{}", 422), (#"{"ref": "main", "files": {"a.yaml": ""}}"#, 422), (#"{"ref": "no-such-branch"}"#, 404),
        (#"{"ref": "--upload-pack=x"}"#, 422), (#"{"ref": "main"}"#, 200), (#"{"files": {}}"#, 422),
        (#"{"files": {"../a.yaml": "kind: Settings\n"}}"#, 422), (#"{"files": {".git/a.yaml": ""}}"#, 422),
        (#"{"files": {"a.yaml": "kind: Nothing\n"}}"#, 422), (#"{"files": {"a.yaml": 1}}"#, 422),
        (#"{"files": {"a.yaml": "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"}}"#, 200),
        (#"{"ref": "main", "role": "admin"}"#, 422), ("[]", 400), (#"{"ref": "a", "ref": "b"}"#, 400),
    ])
    func `a bundle or a ref is planned, anything else refused`(_ body: String, _ status: Int) async throws {
        let gateway = try await TestGateway()
        let head = try gateway.directory.git("rev-parse", "HEAD")
        let answer = try await gateway.call(
            .post, "/api/plan", body, headers: [.contentType: "application/json"])
        #expect(answer.status == status, "\(answer.message)")
        #expect(try gateway.directory.git("rev-parse", "HEAD") == head)
    }

    @Test func `a plan is rendered as it is asked for, with the exit code of the command`() async throws {
        let gateway = try await TestGateway()
        let body = #"{"files": {"a.yaml": "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"}}"#
        let json: HTTPFields = [.contentType: "application/json"]
        let document = try await gateway.call(.post, "/api/plan", body, headers: json)
        // A command that printed this would end so.
        guard case .integer(let exit)? = document.json["exit_code"] else {
            Issue.record("no exit code")
            return
        }
        #expect(document.data["exit_code"] == nil)
        let text = try await gateway.call(.post, "/api/plan?format=text&all=true", body, headers: json)
        let code = try #require(PlanRendering.exitCode)
        #expect(text.status == 200 && text.headers[code] == String(exit))
        #expect(text.headers[.contentType]?.hasPrefix("text/plain") == true)
        for query in ["format=html5", "all=yes"] {
            #expect(try await gateway.call(.post, "/api/plan?\(query)", body, headers: json).status == 400)
        }
    }

    @Test func `a pass is made now, and a refused body makes none`() async throws {
        let gateway = try await TestGateway()
        let passes = gateway.host.passCount
        let json: [(String, Int)] = [(#"{"approve": "x"}"#, 422), (#"{"force": true}"#, 422)]
        for (body, status) in json {
            let answer = try await gateway.call(
                .post, "/api/reconcile", body, headers: [.contentType: "application/json"])
            #expect(answer.status == status)
        }
        #expect(gateway.host.passCount == passes)
        let answer = try await gateway.call(.post, "/api/reconcile")
        #expect(answer.status == 200 && answer.data["results"].kind == "array")
        #expect(gateway.host.passCount == passes + 1)
    }

    @Test func `readiness waits for the first pass`() async throws {
        let gateway = try await TestGateway()
        #expect(try await gateway.call(.get, "/readyz").status == 200)
        var services = gateway.services
        services.reconciliation = HostDouble(
            gateway.services.store, inventory: gateway.database, clock: gateway.services.clock)
        let operation = try #require(Operations.all.first { $0.id == "getReadiness" })
        await #expect(throws: APIFailure.self) {
            try await operation.handler(APIRequest(principal: .anonymous, id: "1"), services)
        }
    }

    @Test func `a key is blocked, listed and let in again`() async throws {
        let gateway = try await TestGateway(["peers/phone.yaml": Self.peer])
        let headers = [.contentType: "application/json"] as HTTPFields
        let body = #"{"public_key": "\#(Self.key)", "for": "2h"}"#
        let made = try await gateway.call(.post, "/api/revocations", body, headers: headers)
        // The double lets nobody go by itself: the key is still there, and the answer says so.
        #expect(made.status == 500)
        #expect(made.json["details"]?["remaining"].items.count == 1)
        let list = try await gateway.call(.get, "/api/revocations")
        #expect(list.json["total"].number == 1 && list.data.array.first?["public_key"].text == Self.key)
        let encoded = Self.key
        let lifted = try await gateway.call(.delete, "/api/revocations?public_key=\(encoded)")
        #expect(lifted.status == 200 && lifted.data["author"].text == "admin")
        #expect(try await gateway.call(.delete, "/api/revocations?public_key=\(encoded)").status == 404)
        #expect(try await gateway.call(.delete, "/api/revocations?public_key=x").status == 400)
    }

    @Test(arguments: [
        #"{"public_key": "x"}"#, "{}", #"{"public_key": "\#(key)", "for": "0s"}"#,
        #"{"public_key": "\#(key)", "for": "9999999d"}"#, #"{"public_key": "\#(key)", "author": "root"}"#,
    ])
    func `what is no revocation blocks nothing`(_ body: String) async throws {
        let gateway = try await TestGateway()
        let answer = try await gateway.call(
            .post, "/api/revocations", body, headers: [.contentType: "application/json"])
        #expect(answer.status == 422)
        #expect(try await gateway.database.snapshot().revocations.isEmpty)
    }

    @Test func `a key that nobody has is blocked for later`() async throws {
        let gateway = try await TestGateway()
        let answer = try await gateway.call(
            .post, "/api/revocations", #"{"public_key": "\#(Self.key)"}"#,
            headers: [.contentType: "application/json"])
        #expect(answer.status == 201 && answer.data["remaining"].items.isEmpty)
        #expect(try await gateway.database.snapshot().revocations.count == 1)
    }

    @Test func `the loop is suspended and resumed`() async throws {
        let gateway = try await TestGateway()
        let headers = [.contentType: "application/json"] as HTTPFields
        let now = gateway.services.clock.now()
        let last = now.advanced(bySeconds: 30 * 86_400)
        let tooLate = last.advanced(bySeconds: 60)
        for body in [
            "{}", #"{"reason": "x"}"#, #"{"until": "\#(last)"}"#, #"{"reason": "x", "until": null}"#,
            #"{"reason": "a\nb", "until": "\#(last)"}"#, #"{"reason": "x", "until": "2020-01-01T00:00:00Z"}"#,
            #"{"reason": "x", "until": "\#(now)"}"#, #"{"reason": "x", "until": "\#(tooLate)"}"#,
        ] {
            #expect(try await gateway.call(.post, "/api/suspend", body, headers: headers).status == 422, "\(body)")
        }
        #expect(try await gateway.database.snapshot().suspension == nil)
        let answer = try await gateway.call(
            .post, "/api/suspend", #"{"reason": "maintenance", "until": "\#(last)"}"#, headers: headers)
        #expect(answer.status == 200 && answer.data["reason"].text == "maintenance (admin)")
        #expect(try await gateway.database.snapshot().suspension?.until == last)
        #expect(try await gateway.call(.delete, "/api/suspend").data["suspended"] == .boolean(false))
        #expect(try await gateway.database.snapshot().suspension == nil)
    }
}

extension JSONValue? {
    /// What it is.
    var kind: String { if case .array? = self { "array" } else { "other" } }
}

extension JSONValue {
    /// The elements.
    var array: [JSONValue] { if case .array(let items) = self { items } else { [] } }
}
