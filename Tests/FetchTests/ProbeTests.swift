import Fetch
import Foundation
import Glibc
import ListServer
import Model
import Testing

/// Probes over real sockets.
@Suite struct ProbeTests {
    /// One for all: each test case of a suite makes the suite anew, and a server takes a while to start.
    private static let server = Result { try ListServer() }
    let probes = NetworkProbes()

    private func tcp(_ target: String) async -> String? { await probes.failure(of: Settings.Probe(.tcp, target)) }

    private func page(_ path: String, timeout: Int = 2) async throws -> String? {
        let probe = Settings.Probe(.http, try Self.server.get().url(path), timeout: .seconds(timeout))
        return await probes.failure(of: probe)
    }

    private func measured(_ body: () async throws -> String?) async rethrows -> (String?, Duration) {
        let begin = ContinuousClock.now
        let failure = try await body()
        return (failure, ContinuousClock.now - begin)
    }

    @Test func aPortThatIsOpenAnswers() async throws {
        let port = try Self.server.get().port
        #expect(await tcp("127.0.0.2:\(port)") == nil)
    }

    @Test func aPortThatIsClosedIsRefused() async throws {
        let port = try ClosedPort.ipv4()
        #expect(await tcp("127.0.0.1:\(port)") == "connection refused")
        #expect(await tcp("[::1]:\(try ClosedPort.ipv6())") == "connection refused")
    }

    @Test func aPortThatSaysNothingTakesItsTimeout() async throws {
        let silent = try SilentPort()
        let probe = Settings.Probe(.tcp, "127.0.0.1:\(silent.port)", timeout: .seconds(1))
        let (failure, time) = await measured { await probes.failure(of: probe) }
        // It stays silent until here.
        withExtendedLifetime(silent) {}
        #expect(failure == "no answer within 1 s" && time >= .seconds(1) && time < .seconds(10))
    }

    @Test func aNameIsLookedUp() async throws {
        let server = try ListServer(address: "127.0.0.1")
        // Of several addresses one that answers is enough.
        #expect(await tcp("localhost:\(server.port)") == nil)
        #expect(await probes.failure(of: Settings.Probe(.http, server.url("status/200", host: "localhost"))) == nil)
        #expect(await tcp("name.invalid:443")?.hasPrefix("it has no address: ") == true)
    }

    @Test(arguments: [200, 206, 301, 399]) func aGoodStatusIsAnAnswer(_ status: Int) async throws {
        #expect(try await page("status/\(status)") == nil)
    }

    @Test(arguments: [400, 404, 500, 503]) func aBadStatusIsNone(_ status: Int) async throws {
        #expect(try await page("status/\(status)")?.hasSuffix("answered with status \(status)") == true)
    }

    @Test func aRedirectIsAnAnswerAndNotFollowed() async throws {
        let there = try Self.server.get().url("status/500")
        #expect(try await page("to?\(there)") == nil)
    }

    @Test(arguments: ["endless", "drip", "stall", "large", "short"])
    func whatFollowsTheHeadIsNotWaitedFor(_ path: String) async throws {
        let (failure, time) = try await measured { try await page(path, timeout: 9) }
        #expect(failure == nil && time < .seconds(8))
    }

    @Test func aPageThatSaysNothingTakesItsTimeout() async throws {
        let (failure, time) = try await measured { try await page("silent", timeout: 1) }
        #expect(failure != nil && time >= .milliseconds(900) && time < .seconds(10))
        // The same words for the same reason.
        #expect(try await page("silent", timeout: 1) == failure)
    }

    @Test func nobodyThereIsRefused() async throws {
        let port = try ClosedPort.ipv4()
        let failure = await probes.failure(of: Settings.Probe(.http, "http://127.0.0.1:\(port)/hook?token=T0K3N"))
        #expect(failure?.contains("127.0.0.1:\(port)") == true && failure?.contains("T0K3N") == false)
    }

    @Test func certificatesAreChecked() async throws {
        let certificate = try TestCertificate.make(for: "localhost")
        let server = try ListServer(address: "127.0.0.1", certificate: certificate)
        let probe = Settings.Probe(.http, server.url("status/200", host: "localhost", scheme: "https"))
        #expect(await NetworkProbes(roots: certificate.certificate).failure(of: probe) == nil)
        #expect(await probes.failure(of: probe)?.contains("TLS failed") == true)
        let other = Settings.Probe(.http, server.url("status/200", host: "127.0.0.1", scheme: "https"))
        #expect(await NetworkProbes(roots: certificate.certificate).failure(of: other) != nil)
    }

    /// What the host allows decides (man 7 icmp): both answers are right, each in its place.
    @Test(arguments: ["127.0.0.1", "::1"]) func pingsGoOutWhereTheHostLetsThem(_ address: String) async throws {
        let range = try String(contentsOfFile: "/proc/sys/net/ipv4/ping_group_range", encoding: .utf8)
        let limits = range.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(limits.count == 2)
        let groups = [Int(getegid())] + Self.groups
        let mayPing = groups.contains { limits[0] <= $0 && $0 <= limits[1] }
        let failure = await probes.failure(of: Settings.Probe(.ping, address))
        if mayPing { #expect(failure == nil) } else { #expect(failure?.contains("net.ipv4.ping_group_range") == true) }
    }

    private static var groups: [Int] {
        var list = [gid_t](repeating: 0, count: 256)
        let count = unsafe getgroups(Int32(list.count), &list)
        return list.prefix(Int(max(count, 0))).map(Int.init)
    }
}
