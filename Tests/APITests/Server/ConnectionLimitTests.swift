import Foundation
import Glibc
import Model
import Testing

@testable import API

/// What clients can do with connections.
@BlockingTests @Suite(.serialized) struct ConnectionLimitTests {
    @Test func `a head that drips is cut off`() async throws {
        let server = try await TestServer { $0.limits.headTime = .milliseconds(300) }
        let connection = try RawConnection(port: server.port)
        let start = ContinuousClock.now
        connection.send("GET /healthz HTTP/1.1\r\n")
        var isOpen = true
        while isOpen, ContinuousClock.now - start < .seconds(20) {
            connection.send("X: y\r\n")
            isOpen = !connection.receive(within: 0.05).isClosed
        }
        #expect(!isOpen)
        #expect(ContinuousClock.now - start < .seconds(15))
        try await server.stop()
    }

    @Test func `a body that stands still is cut off with an answer`() async throws {
        let server = try await TestServer { $0.limits.bodyPause = .milliseconds(300) }
        let connection = try RawConnection(port: server.port)
        let answer = connection.exchange(
            "POST /api/things HTTP/1.1\r\nHost: h\r\n\(TestServer.json)Content-Length: 100\r\n\r\n{")
        #expect(answer?.status == 408)
        #expect(connection.receive(within: 15).isClosed)
        try await server.stop()
    }

    @Test func `a body that drips has an end`() async throws {
        let server = try await TestServer { $0.limits.bodyTime = .milliseconds(500) }
        let connection = try RawConnection(port: server.port)
        connection.send("POST /api/things HTTP/1.1\r\nHost: h\r\n\(TestServer.json)Content-Length: 10000\r\n\r\n")
        let start = ContinuousClock.now
        var text = ""
        while text.isEmpty, ContinuousClock.now - start < .seconds(20) {
            connection.send(" ")
            text = connection.receive(within: 0.05) { !$0.isEmpty }.text
        }
        #expect(RawAnswer(text)?.status == 408)
        try await server.stop()
    }

    @Test func `an idle connection is closed`() async throws {
        let server = try await TestServer { $0.limits.idleTime = .milliseconds(300) }
        let connection = try RawConnection(port: server.port)
        #expect(connection.exchange("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200)
        #expect(connection.receive(within: 15).isClosed)
        try await server.stop()
    }

    @Test func `over the limit strangers go first, and who is known stays`() async throws {
        let server = try await TestServer {
            $0.limits.connections = 8
            $0.limits.connectionsPerAddress = 8
        }
        let known = try RawConnection(port: server.port)
        let request = "GET /api/things/a HTTP/1.1\r\nHost: h\r\n\(TestServer.known)\r\n"
        #expect(known.exchange(request)?.status == 200)
        let strangers = try (0..<40).map { _ in try RawConnection(port: server.port) }
        #expect(known.exchange(request)?.status == 200)
        // Also a new connection gets through; while those are still being taken it may go as a stranger, before it has asked.
        let isThrough = try (0..<10).contains { _ in
            try RawConnection(port: server.port).exchange(request)?.status == 200
        }
        #expect(isThrough)
        let closed = strangers.count { $0.receive(within: 0.1).isClosed }
        #expect(closed >= 32)
        try await server.stop()
    }

    @Test func `where all are at work the new one is refused at once`() async throws {
        let server = try await TestServer {
            $0.limits.connections = 2
            $0.limits.connectionsPerAddress = 2
        }
        let busy = try (0..<2).map { _ in try RawConnection(port: server.port) }
        for connection in busy { connection.send("GET /api/slow HTTP/1.1\r\nHost: h\r\n\(TestServer.known)\r\n") }
        try await Task.sleep(for: .milliseconds(150))
        let late = try RawConnection(port: server.port)
        let (text, isClosed) = late.receive(within: 15)
        #expect(RawAnswer(text)?.status == 503 && isClosed)
        for connection in busy { #expect(connection.exchange("")?.status == 200) }
        try await server.stop()
    }

    @Test func `a stop lets running requests end, and ends streams`() async throws {
        let server = try await TestServer()
        let slow = try RawConnection(port: server.port)
        let stream = try RawConnection(port: server.port)
        let idle = try RawConnection(port: server.port)
        #expect(idle.exchange("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200)
        stream.send("GET /api/events HTTP/1.1\r\nHost: h\r\n\(TestServer.known)\r\n")
        let (begin, _) = stream.receive { $0.contains("event: first") }
        #expect(RawAnswer(begin)?.headers["content-type"] == "text/event-stream")
        slow.send("GET /api/slow HTTP/1.1\r\nHost: h\r\n\(TestServer.known)\r\n")
        try await Task.sleep(for: .milliseconds(100))
        let stop = Task.detached { try await server.stop() }
        let (answer, isClosed) = slow.receive()
        #expect(RawAnswer(answer)?.status == 200 && isClosed)
        #expect(stream.receive(within: 15).isClosed)
        #expect(idle.receive(within: 15).isClosed)
        try await stop.value
        #expect(throws: RawConnection.Failure.self) { try RawConnection(port: server.port) }
    }

    @Test func `a port in use is a clear failure`() async throws {
        let server = try await TestServer()
        let place = SocketAddress(IPAddress(v4: 0x7F00_0001), port: server.port)
        #expect { try ListeningSocket.open(place) } throws: { error in
            "\(error)".contains("127.0.0.1:\(server.port)") && "\(error)".contains("Address already in use")
        }
        try await server.stop()
    }

    @Test func `the unix socket is protected by its directory and never stolen`() async throws {
        let directory = try TestDirectory()
        let path = "\(directory.root)/run/wirebuddy.sock"
        let socket = ServerOptions.LocalSocket(path: path)
        let server = try await TestServer(socket: socket)
        let file = try #require(FileIdentity(path))
        #expect(file.isSocket && file.permissions == 0o600)
        #expect(FileIdentity("\(directory.root)/run")?.permissions == 0o700)
        // The user of the test is root, as the one of the daemon.
        let answer = try RawConnection(path: path).exchange("GET /api/things/a HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(answer?.status == (geteuid() == 0 ? 200 : 403))
        #expect(answer?.headers["x-ratelimit-limit"] == nil)
        #expect { try ListeningSocket.open(socket) } throws: { "\($0)".contains("another process answers") }
        try await server.stop()
    }

    @Test func `a socket that nobody answers is replaced`() throws {
        let directory = try TestDirectory()
        let path = "\(directory.root)/run/wirebuddy.sock"
        var first: ListeningSocket? = try ListeningSocket.open(ServerOptions.LocalSocket(path: path))
        let descriptor = try #require(first?.take())
        close(descriptor)
        let second = try ListeningSocket.open(ServerOptions.LocalSocket(path: path))
        // The first one's end takes nothing away from the second.
        first = nil
        #expect(FileIdentity(path)?.isSocket == true)
        #expect(second.place == .path(path))
    }
}
