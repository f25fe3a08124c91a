import DNSPolicy
import Logging
import Model
import NIOCore
import NIOSSL
import Testing

@testable import DNSForwarder

/// A client and the requests of a test.
struct TestAsking {
    let client: UpstreamClient

    init(roots: NIOSSLTrustRoots = .default, limits change: (inout UpstreamLimits) -> Void = { _ in }) {
        var limits = UpstreamLimits()
        change(&limits)
        client = UpstreamClient(limits: limits, trustRoots: roots, logger: .silent)
    }

    /// Asks, and checks that it took no longer than it may.
    func ask(_ request: UpstreamRequest, at place: Testing.SourceLocation = #_sourceLocation) async -> UpstreamReply? {
        let start = ContinuousClock.now
        let reply = await client.ask(request)
        #expect(start.duration(to: .now) < request.timeout + .seconds(1), sourceLocation: place)
        return reply
    }

    func ask(
        _ upstreams: DNSUpstream..., name: String = "www.example.com", timeout: Duration = .seconds(10),
        strategy: DNSSettings.Strategy = .fallback, at place: Testing.SourceLocation = #_sourceLocation
    ) async throws -> UpstreamReply? {
        let question = Question(try DomainName(text: name), .a)
        let request = UpstreamRequest(question, upstreams: upstreams, strategy: strategy, timeout: timeout)
        return await ask(request, at: place)
    }

    var counters: UpstreamCounters { client.counters }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Waits until something is so, for at most 10 s.
func eventually(_ condition: @Sendable () -> Bool) async throws -> Bool {
    for _ in 0..<1000 {
        if condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}
