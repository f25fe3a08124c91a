import Foundation
import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

/// Who is told what is measured, where, and what is counted of requests.
@BlockingTests @Suite struct ScrapeTests {
    private static func get(_ target: String, _ server: TestServer, method: String = "GET", _ headers: String = "")
        throws
        -> RawAnswer
    {
        let port = try #require(server.server.metricsAddress?.port)
        return try #require(
            try RawConnection(port: port).exchange("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n"))
    }

    private static let loopback = SocketAddress(IPAddress(v4: 0x7F00_0001), port: 0)

    @Test func `metrics are the text of their source, and 503 without one`() async throws {
        let gateway = try await TestGateway()
        let none = try await gateway.call(.get, "/metrics")
        #expect(none.status == 503 && none.message == "no metrics are gathered here: they are the daemon's")
        let operation = try #require(Operations.all.first { $0.path == "/metrics" })
        var services = gateway.services
        services.metrics = FixedMetrics()
        let request = APIRequest(principal: TestGateway.admin, id: "r")
        let answer = Answer(try await operation.handler(request, services))
        #expect(answer.status == 200 && answer.text == "wirebuddy_up 1\n")
        #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(operation.access == .admin && operation.rate == .read)
    }

    @Test func `their own listener answers everybody, metrics and nothing else`() async throws {
        let server = try await TestServer(metrics: FixedMetrics()) {
            $0.metricsListen = Self.loopback
            $0.corsOrigins = ["*"]
        }
        #expect(server.server.addresses.count == 1 && server.server.addresses.first?.port == server.port)
        let answer = try Self.get("/metrics", server, "Origin: https://a.example\r\n")
        #expect(answer.status == 200 && answer.body == "wirebuddy_up 1\n")
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.headers["access-control-allow-origin"] == nil && answer.headers["x-ratelimit-limit"] == nil)
        #expect(try Self.get("/metrics", server, method: "HEAD").status == 200)
        for target in ["/", "/healthz", "/api/things/a", "/api/metrics/dashboard"] {
            #expect(try Self.get(target, server, TestServer.known).status == 404, "\(target)")
        }
        #expect(try Self.get("/metrics", server, method: "POST").status == 405)
        #expect(try Self.get("/metrics?x=1", server).status == 400)
        // The other listener does not know them: in this test it has only the operations of tests.
        #expect(try server.get("/metrics", TestServer.known)?.status == 404)
        try await server.stop()
    }

    @Test func `their own listener is not counted against the limits`() async throws {
        let server = try await TestServer(metrics: FixedMetrics()) { $0.metricsListen = Self.loopback }
        let port = try #require(server.server.metricsAddress?.port)
        let connection = try RawConnection(port: port)
        for _ in 0..<120 {
            let answer = connection.exchange("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try #require(answer?.status == 200)
        }
        let first = try #require(try server.get("/api/things/a"))
        #expect(first.status == 401 && first.headers["x-ratelimit-remaining"] == "9")
        try await server.stop()
    }

    @Test func `their own listener speaks plain HTTP beside listeners with TLS`() async throws {
        let directory = try TestDirectory()
        let files = ServerOptions.CertificateFiles(
            certificate: "\(directory.root)/cert.pem", key: "\(directory.root)/key.pem")
        try CertificateTests.make(files, name: "localhost")
        let server = try await TestServer(certificate: files, metrics: FixedMetrics()) {
            $0.metricsListen = Self.loopback
        }
        let answer = try Self.get("/metrics", server)
        #expect(answer.status == 200 && answer.headers["strict-transport-security"] == nil)
        try await server.stop()
    }

    @Test func `a port in use names the field of the host file`() async throws {
        let server = try await TestServer()
        let place = SocketAddress(IPAddress(v4: 0x7F00_0001), port: server.port)
        #expect { try ListeningSocket.open(place, isForMetrics: true) } throws: { error in
            "\(error)".contains("api.metrics_listen in the host file") && !"\(error)".contains("--listen")
        }
        try await server.stop()
    }

    @Test func `every answer is counted`() async throws {
        let server = try await TestServer(metrics: FixedMetrics()) { $0.metricsListen = Self.loopback }
        _ = try server.get("/api/things/a", TestServer.known)
        _ = try server.get("/api/broken", TestServer.known)
        _ = try server.get("/nothing", TestServer.known)
        _ = try server.get("/api/things/a", method: "TRACE")
        _ = try Self.get("/metrics", server)
        let counts = server.requests.counts
        let rows = counts.answers.map { "\($0.method) \($0.statusClass) \($0.count)" }
        #expect(rows == ["GET 2xx 2", "GET 4xx 1", "GET 5xx 1", "other 4xx 1"])
        #expect(counts.total == 5 && counts.durations[0] == 5 && counts.microseconds == 0)
        try await server.stop()
    }

    @Test func `times fall into the bucket of the first bound that they do not pass`() {
        let counters = RequestCounters()
        for time in [-1, 0, 500, 501, 1000, 10_000_000, 10_000_001] as [Int64] {
            counters.count(.get, .ok, microseconds: time)
        }
        let counts = counters.counts
        let last = RequestCounts.durationBounds.count
        #expect(counts.durations[0] == 3 && counts.durations[1] == 2)
        #expect(counts.durations[last - 1] == 1 && counts.durations[last] == 1)
        #expect(counts.total == 7 && counts.microseconds == 20_002_002)
        #expect(RequestCounts.durationBounds == RequestCounts.durationBounds.sorted())
    }

    @Test func `counting from many threads loses nothing`() async {
        let counters = RequestCounters()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { counters.count(.post, .notFound, microseconds: 1) }
                }
            }
        }
        #expect(counters.counts.answers == [.init(method: "POST", statusClass: "4xx", count: 8000)])
        #expect(counters.counts.microseconds == 8000)
    }
}
