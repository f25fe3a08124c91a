import DNSPolicy
import Foundation
import ListServer
import Model
import NIOSSL
import Testing

@testable import DNSForwarder

/// A real Unbound as upstream, over UDP, TCP and TLS.
struct UpstreamUnboundTests {
    @Test func itAnswersOverEveryTransport() async throws {
        let certificates = try TestCertificates.get()
        let unbound = try await Unbound.start(certificates.good)
        let asking = TestAsking(roots: certificates.roots)
        let upstreams = [unbound.udp, unbound.tcp, unbound.tls]
        for upstream in upstreams {
            let reply = try #require(await asking.ask(upstream, name: "here.example.com"))
            #expect(reply.address == .answered)
            let missing = try #require(await asking.ask(upstream, name: "gone.example.com"))
            #expect(missing.message.responseCode == .nameError)
            // More than a datagram holds.
            let request = UpstreamRequest(
                Question(try DomainName(text: "long.example.com"), .txt), upstreams: [upstream], timeout: .seconds(10))
            let long = try #require(await asking.ask(request))
            #expect(long.message.answers.count == 20)
        }
        #expect(asking.counters.retriedOverTCP == 1)
        #expect(asking.counters.mismatched == 0)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let upstream = upstreams[number % 3]
                    let reply = try? await asking.ask(upstream, name: "n\(number).any.example.com")
                    #expect(reply?.address == .answered)
                }
            }
        }
        await asking.client.shutdown()
        withExtendedLifetime(unbound) {}
    }
}

/// A running Unbound with names of its own.
private struct Unbound {
    let udp: DNSUpstream
    let tcp: DNSUpstream
    let tls: DNSUpstream
    private let program: LastingProgram

    /// One that answers. A port that was free a moment ago may be another test's by now: others are tried then.
    static func start(_ leaf: TestCertificates.Leaf) async throws -> Unbound {
        for _ in 0..<3 {
            let unbound = try await Unbound(leaf)
            if try await unbound.answers { return unbound }
        }
        throw Silent()
    }

    private struct Silent: Error {}

    private init(_ leaf: TestCertificates.Leaf) async throws {
        let plain = try await Self.freePort()
        let secure = try await Self.freePort()
        let address = IPAddress(v4: 0x7F00_0001)
        udp = DNSUpstream(udp: address, port: plain)
        tcp = DNSUpstream(tcp: address, port: plain)
        tls = DNSUpstream(tls: address, port: secure, name: "dns.test")
        let text = String(repeating: "x", count: 200)
        let records = (0..<20).map { "local-data: 'long.example.com. TXT \"\($0)\(text)\"'" }.joined(separator: "\n  ")
        let configuration = """
            server:
              interface: 127.0.0.1@\(plain)
              interface: 127.0.0.1@\(secure)
              tls-port: \(secure)
              tls-service-pem: "\(leaf.certificate)"
              tls-service-key: "\(leaf.key)"
              chroot: ""
              username: ""
              pidfile: ""
              directory: "/"
              use-syslog: no
              do-daemonize: no
              num-threads: 1
              module-config: "iterator"
              local-zone: example.com. static
              local-data: "here.example.com. A 192.0.2.1"
              local-zone: any.example.com. redirect
              local-data: "any.example.com. A 192.0.2.1"
              \(records)
            remote-control:
              control-enable: no
            """
        let file = leaf.certificate + ".unbound.conf"
        try configuration.write(toFile: file, atomically: true, encoding: .utf8)
        program = try LastingProgram(["/usr/sbin/unbound", "-c", file, "-d"])
    }

    /// Whether it answers within some seconds.
    private var answers: Bool {
        get async throws {
            let probe = TestAsking()
            for _ in 0..<50 {
                if try await probe.ask(tcp, name: "here.example.com", timeout: .seconds(1)) != nil,
                    try await probe.ask(udp, name: "here.example.com", timeout: .seconds(1)) != nil
                {
                    return true
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            return false
        }
    }

    /// A port that was free a moment ago.
    private static func freePort() async throws -> UInt16 {
        let rogue = try await RogueUpstream { _ in [] }
        await rogue.stop()
        return rogue.port
    }
}
