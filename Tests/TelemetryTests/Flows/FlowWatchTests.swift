import Glibc
import Logging
import Model
import Netlink
import Synchronization
import Testing

@testable import Telemetry

/// Real connections through a gateway whose kernel counts them.
@Suite(.enabled(if: geteuid() == 0, "SKIPPED: tests of the real kernel need root")) struct FlowWatchTests {
    private static let peers = FlowPeers(
        [Prefix(host: IPAddress(v4: 0x0A08_0002)): "ada"],
        local: [IPAddress(v4: 0x0A08_0001), IPAddress(v4: 0xC633_6401)])
    private static let germany = FlowPlace.known(country: "DE", asn: nil)

    private struct Clock: WallClock {
        func now() -> Timestamp { Timestamp(seconds: Int64(time(nil))) }
    }

    /// What a watch told.
    private final class Told: Sendable {
        let samples = Mutex<[FlowSample]>([])

        var entries: [FlowSample.Entry] { samples.withLock { $0.flatMap(\.entries) } }
        var bytes: TrafficBytes { entries.reduce(into: TrafficBytes()) { $0 += $1.bytes } }
    }

    private func makeWatch(_ network: FlowNetwork) throws -> FlowWatch {
        try NetworkNamespace.run(inPath: network.path(of: .gateway)) {
            try FlowWatch(interval: .seconds(1), clock: Clock(), logger: Logger(label: "flows")) { address in
                address == IPAddress(v4: 0xC633_6409) ? Place(country: "DE") : Place()
            }
        }
    }

    private func waitUntil(_ what: String, _ condition: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !condition() {
            try #require(ContinuousClock.now < deadline, "\(what) did not come")
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func isClose(_ a: UInt64, _ b: UInt64) -> Bool { max(a, b) - min(a, b) <= max(a, b) / 100 }

    /// Runs traffic while a watch looks, and compares what it told with what the firewall saw.
    private func compare(
        _ network: FlowNetwork, _ traffic: () throws -> Void
    ) async throws -> (told: TrafficBytes, status: TelemetryStatus.Flows) {
        let watch = try makeWatch(network)
        #expect(watch.status.state == .unaccounted && watch.status.message == "no flow was looked at yet")
        watch.update(peers: Self.peers)
        let told = Told()
        let running = Task { await watch.run { sample in told.samples.withLock { $0.append(sample) } } }
        try await waitUntil("the first look") { watch.status.state == .accounted }
        try traffic()
        let seen = try network.forwarded()
        try await waitUntil("what was forwarded") {
            isClose(told.bytes.received, seen.from) && isClose(told.bytes.sent, seen.to)
        }
        // Nothing is counted twice when the flows end.
        try await waitUntil("the end of the flows") { watch.status.count == 0 }
        let status = watch.status
        running.cancel()
        await running.value
        let last = try network.forwarded()
        #expect(isClose(told.bytes.received, last.from), "told \(told.bytes.received), forwarded \(last.from)")
        #expect(isClose(told.bytes.sent, last.to), "told \(told.bytes.sent), forwarded \(last.to)")
        #expect(told.entries.allSatisfy { $0.peer == "ada" && $0.place == Self.germany })
        return (told.bytes, status)
    }

    @Test func flowsToTheInternetAreAccountedToThePeer() async throws {
        let network = try FlowNetwork()
        let server = try network.serve(41, in: .internet)
        let (told, status) = try await compare(network) {
            // One over several looks, and many that begin and end between two.
            try network.connect(
                1, from: .peer, to: "198.51.100.9", port: 7000, up: 5_000_000, down: 1_000_000, pause: 0.3)
            try network.connect(40, from: .peer, to: "198.51.100.9", port: 7000, up: 1000, down: 100_000)
            #expect(try network.wait(for: server) == 0)
            // The gateway's own connection to the peer passes no forwarding.
            let own = try network.serve(1, in: .peer)
            try network.connect(1, from: .gateway, to: "10.8.0.2", port: 7000, up: 2_000_000, down: 10)
            #expect(try network.wait(for: own) == 0)
        }
        #expect(told.received > 5_040_000 && told.received < 5_700_000)
        #expect(told.sent > 5_000_000 && told.sent < 5_700_000)
        #expect(status.state == .accounted && status.message == nil)
        #expect(status.lostEvents == 0 && status.unaccounted == 0)
        #expect(status.limit ?? 0 > 0)
    }

    @Test func flowsToAForwardedPortAreAccountedToThePeerBehindIt() async throws {
        let network = try FlowNetwork()
        let server = try network.serve(5, in: .peer)
        let (told, _) = try await compare(network) {
            try network.connect(5, from: .internet, to: "198.51.100.1", port: 8080, up: 10_000, down: 600_000)
            #expect(try network.wait(for: server) == 0)
        }
        #expect(told.received > 3_000_000 && told.received < 3_300_000)
        #expect(told.sent > 50_000 && told.sent < 300_000)
    }

    @Test func aKernelThatDoesNotCountIsSaid() async throws {
        let network = try FlowNetwork()
        try network.sh("sysctl -qw net.netfilter.nf_conntrack_acct=0", in: .gateway)
        let server = try network.serve(1, in: .internet)
        let watch = try makeWatch(network)
        watch.update(peers: Self.peers)
        try await waitUntil("the first look") { watch.status.message?.contains("nf_conntrack_acct") == true }
        #expect(watch.status.state == .unaccounted)
        // Longer than a look takes to come, so that one sees it whatever it costs to end.
        try network.sh("sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=60", in: .gateway)
        try network.connect(1, from: .peer, to: "198.51.100.9", port: 7000, up: 1000, down: 1000)
        #expect(try network.wait(for: server) == 0)
        try await waitUntil("a flow without counters") { watch.status.unaccounted == 1 }
        // It counts from now on, but not this one.
        try network.sh("sysctl -qw net.netfilter.nf_conntrack_acct=1", in: .gateway)
        try await waitUntil("accounting") { watch.status.state == .accounted }
        #expect(watch.status.message == nil && watch.status.unaccounted == 1)
    }

    @Test func whatMovedIsToldWhenTheWatchEnds() async throws {
        let network = try FlowNetwork()
        let server = try network.serve(1, in: .internet)
        let watch = try makeWatch(network)
        watch.update(interval: .seconds(3600))
        watch.update(peers: Self.peers)
        let told = Told()
        let running = Task { await watch.run { sample in told.samples.withLock { $0.append(sample) } } }
        try await waitUntil("the first look") { watch.status.state == .accounted }
        try network.connect(1, from: .peer, to: "198.51.100.9", port: 7000, up: 1000, down: 400_000)
        #expect(try network.wait(for: server) == 0)
        #expect(told.entries.isEmpty)
        running.cancel()
        await running.value
        #expect(told.entries.map(\.place) == [Self.germany] && told.bytes.sent > 400_000)
    }
}
