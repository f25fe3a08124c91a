import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct RevisionOperationTests {
    private static func peer(_ name: String, _ number: Int, _ key: String, _ more: String = "") -> String {
        "kind: Peer\nname: \(name)\ninterface: wg0\nip: 10.8.0.\(number)\npublic_key: \(key)\n\(more)"
    }
    private static let key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    private let json: HTTPFields = [.contentType: "application/json"]

    @Test func `revisions are paged, newest first`() async throws {
        let gateway = try await TestGateway()
        for number in 1...3 {
            try gateway.directory.write("notes/\(number).txt", "x")
            try gateway.directory.commit("note \(number)")
        }
        let page = try await gateway.call(.get, "/api/revisions?limit=2&offset=1")
        #expect(page.status == 200)
        #expect(page.data.array.map { $0["subject"].text } == ["note 2", "note 1"])
        #expect(page.json["total"].number == 4 && page.json["limit"].number == 2 && page.json["offset"].number == 1)
        let first = try await gateway.call(.get, "/api/revisions?limit=1")
        #expect(first.data.array.first?["head"] == .boolean(true))
        for query in ["limit=0", "limit=101", "offset=-1", "limit=x"] {
            #expect(try await gateway.call(.get, "/api/revisions?\(query)").status == 400)
        }
    }

    @Test func `a revision shows its files`() async throws {
        let gateway = try await TestGateway()
        try gateway.directory.write("peers/phone.yaml", Self.peer("phone", 2, Self.key))
        try gateway.directory.commit("Add phone")
        let head = try gateway.directory.git("rev-parse", "HEAD")
        let answer = try await gateway.call(.get, "/api/revisions/\(head.prefix(10))")
        #expect(answer.status == 200 && answer.data["id"].text == head)
        #expect(answer.data["files"].items.map { $0["path"].text } == ["peers/phone.yaml"])
        #expect(answer.data["plan"] == .null && answer.data["results"].items.isEmpty)
    }

    @Test(arguments: ["0000000000", "HEAD", "abc", "--all", "refs%2Fheads"])
    func `what names no commit is not found`(_ name: String) async throws {
        let gateway = try await TestGateway()
        #expect(try await gateway.call(.get, "/api/revisions/\(name)").status == 404)
        #expect(try await gateway.call(.post, "/api/revisions/\(name)/rollback").status == 404)
    }

    @Test func `a rollback is a commit by who asked for it`() async throws {
        let gateway = try await TestGateway(["peers/phone.yaml": Self.peer("phone", 2, Self.key)])
        let good = try gateway.directory.git("rev-parse", "HEAD")
        try gateway.directory.write("peers/phone.yaml", Self.peer("phone", 2, Self.key, "description: lost\n"))
        try gateway.directory.commit("Describe phone")
        let shown = try await gateway.call(.post, "/api/revisions/\(good)/rollback?dry_run=true")
        #expect(shown.status == 200 && shown.json["dry_run"] == .boolean(true), "\(shown.message)")
        #expect(shown.data["diff"]?.array.contains(.string("-description: lost")) == true)
        #expect(try gateway.commits() == 2)
        let done = try await gateway.call(.post, "/api/revisions/\(good)/rollback")
        #expect(done.status == 200, "\(done.message)")
        #expect(done.data["restores"].text == good && done.reconcile["state"].text == "converged")
        let author = try gateway.directory.git("log", "-1", "--format=%an %(trailers:key=Via,valueonly)")
        #expect(author.contains("admin rest"))
        #expect(try gateway.commits() == 3)
    }

    @Test func `a rail refuses a rollback until its digest is approved`() async throws {
        let gateway = try await TestGateway()
        let good = try gateway.directory.git("rev-parse", "HEAD")
        try gateway.directory.write("peers/phone.yaml", Self.peer("phone", 2, Self.key))
        try gateway.directory.commit("Add phone")
        let refused = try await gateway.call(.post, "/api/revisions/\(good)/rollback")
        #expect(refused.status == 409, "all peers would go: \(refused.message)")
        #expect(try gateway.commits() == 2)
        let digest = refused.json["details"]?["rails"].items.first?["digest"].text ?? ""
        let body = #"{"approve": ["\#(digest)"]}"#
        #expect(try await gateway.call(.post, "/api/revisions/\(good)/rollback", body, headers: json).status == 200)
    }

    @Test func `a peer that was cut off comes back only by its own approval`() async throws {
        let gateway = try await TestGateway(["peers/phone.yaml": Self.peer("phone", 2, Self.key)])
        let open = try gateway.directory.git("rev-parse", "HEAD")
        try gateway.directory.write("peers/phone.yaml", Self.peer("phone", 2, Self.key, "enabled: false\n"))
        try gateway.directory.commit("Disable phone")
        let refused = try await gateway.call(.post, "/api/revisions/\(open)/rollback")
        #expect(refused.status == 409)
        let rail = refused.json["details"]?["rails"].items.first
        #expect(rail?["rail"].text == "revoked-peer")
        #expect(try gateway.commits() == 2)
        let body = #"{"approve": ["\#(rail?["digest"].text ?? "")"]}"#
        #expect(try await gateway.call(.post, "/api/revisions/\(open)/rollback", body, headers: json).status == 200)
    }
}
