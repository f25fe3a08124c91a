import Gateway
import HTTPTypes
import Logging
import Model
import ServiceLifecycle
import Synchronization

@testable import API

/// The server on real sockets, with operations that tests are made of.
final class TestServer: Sendable {
    let server: APIServer
    let port: UInt16
    let clock: TestServerClock
    let requests: RequestCounters
    private let group: ServiceGroup
    private let running: Task<Void, any Error>
    private let gateway: TestGateway

    init(
        socket: ServerOptions.LocalSocket? = nil, certificate: ServerOptions.CertificateFiles? = nil,
        metrics: (any MetricsSource)? = nil, _ change: (inout ServerOptions) -> Void = { _ in }
    ) async throws {
        gateway = try await TestGateway()
        clock = TestServerClock()
        let loopback = SocketAddress(IPAddress(v4: 0x7F00_0001), port: 0)
        var options = ServerOptions(listen: [loopback], certificate: certificate, socket: socket)
        change(&options)
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        var services = gateway.services
        services.metrics = metrics
        requests = services.requests
        server = try APIServer(
            options, operations: Self.operations, metricsOperations: Operations.scrape, services: services,
            authenticator: WordAuthenticator(), clock: clock, logger: logger)
        port = server.addresses.first?.port ?? 0
        group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        running = Task { [group] in try await group.run() }
    }

    /// Tells it to stop, and waits until it has.
    func stop() async throws {
        await group.triggerGracefulShutdown()
        try await running.value
    }

    /// Tells it to stop.
    func beginStop() async { await group.triggerGracefulShutdown() }

    /// Sends one request on a connection of its own.
    func get(_ target: String, _ headers: String = "", method: String = "GET", body: String = "") throws -> RawAnswer? {
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return try RawConnection(port: port).exchange(
            "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)\(length)\r\n\(body)")
    }

    static let known = "Authorization: Bearer admin\r\n"
    static let json = known + "Content-Type: application/json\r\n"

    static let operations = [
        Operation("getHealth", .get, "/healthz", access: .open, rate: .exempt) { _, _ in
            APIResponse(status: .ok, json: .object([("status", .string("ok"))]))
        },
        Operation("getThing", .get, "/api/things/{id}", access: .user, query: ["limit"]) { request, _ in
            .data(.string("\(request.path["id"] ?? "") \(request.query["limit"] ?? "-")"))
        },
        Operation("createThing", .post, "/api/things", access: .admin) { request, _ in
            .data(.number(request.body.count))
        },
        Operation("changeThing", .patch, "/api/things/{id}", access: .admin) { request, _ in
            .data(.number(request.body.count))
        },
        Operation("waitForThing", .get, "/api/slow", access: .user) { _, _ in
            try await Task.sleep(for: .milliseconds(400))
            return .data(.string("done"))
        },
        Operation("breakThing", .get, "/api/broken", access: .user) { _, _ in
            throw Broken(secret: "wb_hunter2")
        },
        Operation("watchThings", .get, "/api/events", access: .user) { _, _ in
            var answer = APIResponse(status: .ok, headers: [.contentType: "text/event-stream"])
            let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
            continuation.yield(Array("event: first\n\n".utf8))
            answer.body = .stream(stream)
            held.withLock { $0.append(continuation) }
            return answer
        },
    ]
    /// Streams that nobody ends but the server.
    private static let held = Mutex<[AsyncStream<[UInt8]>.Continuation]>([])

    struct Broken: Error {
        let secret: String
    }
}

/// Knows people by the words `admin`, `user` and `cookie`.
private struct WordAuthenticator: Authenticator {
    func authenticate(_ proof: PresentedProof, from client: IPAddress?) async -> Authentication {
        guard let word = proof.bearer ?? proof.query ?? proof.cookie else { return .known(.anonymous) }
        guard let role = UserRole(rawValue: word) else { return .refused(hint: nil) }
        return .known(
            Principal(
                proof: .session(id: word), userID: word, username: word, email: "\(word)@example.com", role: role))
    }
}

/// A clock that stands until it is moved.
final class TestServerClock: ServerClock {
    private let now = Mutex<Int64>(1_000_000)

    var uptime: Int64 { now.withLock { $0 } }
    var microseconds: Int64 { uptime * 1000 }
    var time: Int64 { 1_800_000_000 + uptime / 1000 }

    func advance(seconds: Int64) { now.withLock { $0 += seconds * 1000 } }
}
