import Foundation
import Model
import Testing

@testable import API

/// The server on real sockets.
@BlockingTests @Suite struct ServerTests {
    @Test func `an answer carries the headers of every answer`() async throws {
        let server = try await TestServer()
        let answer = try #require(
            try server.get("/api/things/a%20b?limit=3", TestServer.known + "X-Request-Id: mine-1\r\n"))
        #expect(answer.status == 200)
        #expect(answer.body == #"{"success":true,"data":"a b 3"}"#)
        #expect(answer.headers["x-request-id"] == "mine-1")
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        #expect(answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["x-wirebuddy-revision"] != nil)
        #expect(answer.headers["date"]?.hasSuffix("GMT") == true)
        let other = try #require(try server.get("/healthz", "X-Request-Id: a b\r\n"))
        #expect(other.headers["x-request-id"].map { $0.count } == 32)
        try await server.stop()
    }

    @Test(arguments: [
        ("GET", "/nothing", 404), ("GET", "/api/things/", 404), ("GET", "/api//things/a", 404),
        ("GET", "/api/things/..", 404), ("GET", "/api/things/%2e%2e", 404), ("GET", "/api/things/a%2fb", 404),
        ("GET", "/api/things/a%00b", 404), ("GET", "/api/things/%ff", 404), ("GET", "/api/things/%zz", 404),
        ("GET", "/api/things/a?limit=1&limit=2", 400), ("GET", "/api/things/a?other=1", 400),
        ("GET", "/api/things/a?limit=%zz", 400), ("PUT", "/api/things/a", 405), ("OPTIONS", "/api/things/a", 405),
    ])
    func `what leads nowhere is refused`(method: String, target: String, status: Int) async throws {
        let server = try await TestServer()
        let answer = try #require(try server.get(target, TestServer.known, method: method))
        #expect(answer.status == status)
        #expect(answer.headers["content-type"] == "application/json")
        if status == 405 { #expect(answer.headers["allow"] == "GET, HEAD, PATCH") }
        try await server.stop()
    }

    @Test func `HEAD is GET without the content`() async throws {
        let server = try await TestServer()
        let answer = try #require(try server.get("/healthz", method: "HEAD"))
        #expect(answer.status == 200)
        #expect(answer.headers["content-length"] == "15")
        #expect(answer.body.isEmpty)
        try await server.stop()
    }

    @Test func `who does not show who he is gets the documented sentence`() async throws {
        let server = try await TestServer()
        for headers in ["", "Authorization: Bearer nobody\r\n", "Authorization: Basic YTpi\r\n"] {
            let answer = try #require(try server.get("/api/things/a", headers))
            #expect(answer.status == 401)
            #expect(
                answer.body.hasPrefix(
                    #"{"error":"Unauthorized","message":"Invalid or missing authentication token""#))
        }
        let answer = try #require(
            try server.get(
                "/api/things", "Authorization: Bearer user\r\nContent-Type: application/json\r\n", method: "POST",
                body: "{}"))
        #expect(answer.status == 403)
        #expect(answer.body == #"{"error":"Forbidden","message":"Insufficient permissions for this operation"}"#)
        try await server.stop()
    }

    @Test func `a body must be JSON and not too large`() async throws {
        let server = try await TestServer { $0.limits.bodySize = 1000 }
        let text = "Authorization: Bearer admin\r\nContent-Type: text/plain\r\n"
        #expect(try server.get("/api/things", text, method: "POST", body: "{}")?.status == 415)
        #expect(try server.get("/api/things", TestServer.json, method: "POST", body: "{}")?.status == 200)
        let merge = TestServer.known + "Content-Type: application/merge-patch+json\r\n"
        #expect(try server.get("/api/things/a", merge, method: "PATCH", body: "{}")?.status == 200)
        #expect(try server.get("/api/things", merge, method: "POST", body: "{}")?.status == 415)
        let large = String(repeating: " ", count: 1001)
        let answer = try #require(try server.get("/api/things", TestServer.json, method: "POST", body: large))
        #expect(answer.status == 413)
        #expect(answer.headers["connection"] == "close")
        // Without a length it is counted as it comes.
        let chunked = try RawConnection(port: server.port)
        let chunk = String(repeating: " ", count: 600)
        let refused = try #require(
            chunked.exchange(
                "POST /api/things HTTP/1.1\r\nHost: h\r\n\(TestServer.json)Transfer-Encoding: chunked\r\n\r\n"
                    + "258\r\n\(chunk)\r\n258\r\n\(chunk)\r\n"))
        #expect(refused.status == 413)
        #expect(chunked.receive(within: 15).isClosed)
        try await server.stop()
    }

    @Test(arguments: [
        ("GET /healthz HTTP/1.1\r\n\r\n", 400), ("GET /healthz HTTP/1.0\r\nHost: a\r\n\r\n", 505),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n", 400), ("hello\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 70_000))\r\n\r\n", 431),
    ])
    func `what two readers could read in two ways ends the connection`(text: String, status: Int) async throws {
        let server = try await TestServer()
        let connection = try RawConnection(port: server.port)
        let answer = try #require(connection.exchange(text))
        #expect(answer.status == status)
        #expect(answer.headers["connection"] == "close")
        #expect(connection.receive(within: 15).isClosed)
        try await server.stop()
    }

    @Test func `requests that come at once are answered in their order`() async throws {
        let server = try await TestServer()
        let connection = try RawConnection(port: server.port)
        let request = { (id: String) in "GET /api/things/\(id) HTTP/1.1\r\nHost: h\r\n\(TestServer.known)\r\n" }
        connection.send(request("one") + request("two") + request("three"))
        let (text, _) = connection.receive { $0.contains("three -") }
        let places = ["one -", "two -", "three -"].map { text.range(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
        try await server.stop()
    }

    @Test func `what breaks inside stays inside`() async throws {
        let server = try await TestServer()
        let answer = try #require(try server.get("/api/broken", TestServer.known + "X-Request-Id: r1\r\n"))
        #expect(answer.status == 500)
        #expect(!answer.body.contains("hunter2"))
        #expect(answer.body.contains(#""request_id":"r1""#))
        try await server.stop()
    }

    @Test func `pages of listed origins may read, never with cookies`() async throws {
        let server = try await TestServer { $0.corsOrigins = ["https://app.example.com"] }
        let own = try #require(try server.get("/healthz", "Origin: https://app.example.com\r\n"))
        #expect(own.headers["access-control-allow-origin"] == "https://app.example.com")
        #expect(own.headers["access-control-allow-credentials"] == nil)
        let other = try #require(try server.get("/healthz", "Origin: https://evil.example.com\r\n"))
        #expect(other.headers["access-control-allow-origin"] == nil)
        let question = "Origin: https://app.example.com\r\nAccess-Control-Request-Method: PATCH\r\n"
        let preflight = try #require(try server.get("/api/things/a", question, method: "OPTIONS"))
        #expect(preflight.status == 204)
        #expect(preflight.headers["access-control-allow-methods"]?.contains("PATCH") == true)
        try await server.stop()
    }

    @Test func `a change by cookie alone must come from this site`() async throws {
        let server = try await TestServer()
        let cookie = "Cookie: auth_token=admin\r\nContent-Type: application/json\r\n"
        #expect(try server.get("/api/things", cookie, method: "POST", body: "{}")?.status == 403)
        let own = cookie + "X-Requested-With: test\r\n"
        #expect(try server.get("/api/things", own, method: "POST", body: "{}")?.status == 200)
        try await server.stop()
    }
}
