import Foundation
import Gateway
import Model
import Testing

@testable import Reconciler
@testable import wirebuddy

@Suite struct GatewayMetricsTests {
    static let now = Timestamp(seconds: 1_800_000_000)

    private struct FixedClock: WallClock {
        func now() -> Timestamp { GatewayMetricsTests.now }
    }

    private func metrics(_ view: GatewayView?, _ reports: [PassReport] = []) async throws -> GatewayMetrics {
        let (stream, continuation) = AsyncStream.makeStream(of: PassReport.self)
        for report in reports { continuation.yield(report) }
        continuation.finish()
        let passes = PassCounters(stream)
        try await passes.run()
        var status = TelemetryStatus()
        status.lastSample = Timestamp(seconds: Self.now.seconds - 7)
        status.flows.state = .accounted
        status.flows.count = 12
        status.databases = [
            TelemetryStatus.GeoDatabase(use: "country", path: "/x", failure: "no"),
            TelemetryStatus.GeoDatabase(use: "asn", path: "/y", built: Timestamp(seconds: 5), type: "t"),
        ]
        return GatewayMetrics(
            reconciliation: ShownView(view: view), passes: passes, dns: { DNSFigures() },
            telemetry: ShownStatus(telemetryStatus: status), databases: DatabaseSizes(state: "/nonexistent"),
            clock: FixedClock())
    }

    /// A view of one interface with these peers, all declared but those whose name is nil.
    private func view(_ names: [String?], showsPeers: Bool = true) -> GatewayView {
        var observed = ObservedState(takenAt: Self.now, host: HostIdentity(bootID: "b", namespace: 1))
        var peers: [Peer] = []
        var known: [PeerID: KnownPeer] = [:]
        let reported = names.enumerated().map { number, name in
            let key = PublicKey(words: (UInt64(number), 1, 2, 3))
            if let name {
                peers.append(
                    Peer(
                        name: name, dnsName: "p\(number)", interface: "wg0", ip: [], publicKey: key,
                        location: SourceLocation(path: "a.yaml", line: 1, column: 1)))
                known[PeerID(interface: "wg0", publicKey: key)] = KnownPeer(id: "id-\(number)", addresses: [])
            }
            return ObservedPeer(
                publicKey: key,
                lastHandshake: number % 3 == 0 ? nil : Self.now.advanced(bySeconds: -Int64(number % 3) * 100),
                receivedBytes: UInt64(number) * 1000, sentBytes: UInt64(number))
        }
        observed.devices["wg0"] = ObservedDevice(
            implementation: .kernel, privateKey: nil, publicKey: PublicKey(words: (9, 9, 9, 9)), listenPort: 51820,
            fwmark: 0, peers: reported)
        observed.links = [ObservedLink(index: 7, name: "wg0", kind: "wireguard", mtu: 1420, isUp: true)]
        var settings = Settings()
        settings.telemetry.peerMetrics = showsPeers
        var report = PassReport.sample(
            at: Self.now.seconds, [(.sample(.route, .create, .drift), .held(because: "reported"))], observed: observed)
        report.peers = known
        report.conditions = [
            Condition(object: nil, kind: .ready, holds: true, message: "", since: Self.now),
            Condition(object: ObjectID(.peer, "wg0/a"), kind: .waiting, holds: true, message: "", since: Self.now),
        ]
        return GatewayView(
            report: report, catalog: Catalog(interfaces: [], peers: peers, settings: settings), interval: .seconds(60),
            nextInstant: nil, lookedAt: .zero, number: 1)
    }

    @Test func beforeTheFirstPassThereIsTheRest() async throws {
        let lines = try MetricLines(await metrics(nil).metrics())
        #expect(lines["wirebuddy_build_info{version=\"\(Version.text)\"}"] == "1")
        #expect(lines["wirebuddy_reconciler_passes_total{trigger=\"interval\",result=\"failed\"}"] == "0")
        #expect(lines["wirebuddy_dns_queries_total"] == "0")
        #expect(lines["wirebuddy_reconciler_last_success_timestamp_seconds"] == nil)
        #expect(!lines.families.contains("wirebuddy_peer_up"))
    }

    @Test func whatIsObservedIsTold() async throws {
        let reports = [PassReport.sample(trigger: "start"), .sample([(.sample(.peer, .create, .drift), .done)])]
        let lines = try MetricLines(await metrics(view(["anna", "b", "c", nil]), reports).metrics())
        #expect(lines["wirebuddy_reconciler_passes_total{trigger=\"start\",result=\"success\"}"] == "1")
        #expect(
            lines["wirebuddy_reconciler_changes_total{kind=\"Peer\",action=\"create\",outcome=\"done\"}"] == "1")
        #expect(lines["wirebuddy_reconciler_drift_healed_total{kind=\"Peer\"}"] == "1")
        #expect(lines["wirebuddy_reconciler_pass_duration_seconds_count"] == "2")
        #expect(lines["wirebuddy_reconciler_last_success_timestamp_seconds"] == "1800000000")
        #expect(lines["wirebuddy_drifted_objects{kind=\"Route\"}"] == "1")
        #expect(lines["wirebuddy_condition{condition=\"Ready\"}"] == "1")
        #expect(lines["wirebuddy_condition{condition=\"Stalled\"}"] == "0")
        #expect(lines["wirebuddy_object_conditions{kind=\"Peer\",condition=\"Waiting\"}"] == "1")
        #expect(lines["wirebuddy_revision_valid"] == "1")
        #expect(lines["wirebuddy_interface_up{interface=\"wg0\"}"] == "1")
        #expect(lines["wirebuddy_peers{interface=\"wg0\",status=\"connected\"}"] == "1")
        #expect(lines["wirebuddy_peers{interface=\"wg0\",status=\"idle\"}"] == "2")
        #expect(lines["wirebuddy_peers{interface=\"wg0\",status=\"undeclared\"}"] == "1")
        let second = "{interface=\"wg0\",peer=\"id-1\",name=\"b\"}"
        #expect(lines["wirebuddy_peer_received_bytes_total\(second)"] == "1000")
        #expect(lines["wirebuddy_peer_sent_bytes_total\(second)"] == "1")
        #expect(lines["wirebuddy_peer_handshake_age_seconds\(second)"] == "100")
        #expect(lines["wirebuddy_peer_up\(second)"] == "1")
        #expect(lines["wirebuddy_peer_up{interface=\"wg0\",peer=\"id-2\",name=\"c\"}"] == "0")
        #expect(lines["wirebuddy_peer_handshake_age_seconds{interface=\"wg0\",peer=\"id-0\",name=\"anna\"}"] == nil)
        #expect(lines["wirebuddy_telemetry_last_sample_timestamp_seconds"] == "1799999993")
        #expect(lines["wirebuddy_flows_state{state=\"accounted\"}"] == "1")
        #expect(lines["wirebuddy_conntrack_entries"] == "12")
        #expect(lines["wirebuddy_geoip_usable{use=\"country\"}"] == "0")
        #expect(lines["wirebuddy_geoip_built_timestamp_seconds{use=\"asn\"}"] == "5")
        #expect(lines["process_resident_memory_bytes"] != nil)
        #expect(!lines.families.contains("wirebuddy_database_bytes"))
    }

    @Test func withoutSeriesOfPeersTheirCountsAreThere() async throws {
        let lines = try MetricLines(await metrics(view(["a", "b"], showsPeers: false)).metrics())
        #expect(!lines.families.contains { $0.hasPrefix("wirebuddy_peer_") })
        #expect(lines["wirebuddy_peers{interface=\"wg0\",status=\"connected\"}"] == "1")
        #expect(lines["wirebuddy_peers_without_series"] == "0")
    }

    @Test func aPeerThatIsThereTwiceHasTwoSeries() async throws {
        var view = view(["a", "a"])
        for key in view.report.peers.keys { view.report.peers[key]?.id = "same" }
        let lines = try MetricLines(await metrics(view).metrics())
        #expect(lines.values.keys.count { $0.hasPrefix("wirebuddy_peer_up") } == 2)
    }

    @Test func tooManyPeersAreCountedOnly() async throws {
        let names = (0..<PeerSeries.most + 5).map { "p\($0)" }
        let text = try await metrics(view(names)).metrics()
        #expect(String(decoding: text, as: UTF8.self).contains("\nwirebuddy_peers_without_series 5\n"))
    }

    @Test func tenThousandPeersOfAnyNameAreWritten() async throws {
        let odd = ["\"", "\\", "\n", "\"} 1\nwirebuddy_up 2", "\r\n", "🦊", "a\u{301}"]
        let metrics = try await metrics(view((0..<10_000).map { "\(odd[$0 % odd.count])\($0)" }))
        let begun = ContinuousClock.now
        let text = await metrics.metrics()
        let time = ContinuousClock.now - begun
        print("metrics of 10,000 peers: \(text.count) bytes in \(time)")
        let lines = try MetricLines(text)
        #expect(lines.values.keys.count { $0.hasPrefix("wirebuddy_peer_up{") } == 10_000)
        // An answer has 100 ms in a build that is optimised.
        #expect(time < .seconds(10))
    }
}

/// Shows one view.
private struct ShownView: Reconciliation {
    var view: GatewayView?
    var inventory: any Inventory { preconditionFailure("metrics ask for nothing of it") }

    func refreshedView(maximumAge: Duration) async -> GatewayView? { view }
    func preview(_ options: PassOptions) async throws -> PassReport { .sample() }
    func pass(_ options: PassOptions) async throws -> PassReport { .sample() }
    func passAfterWrite(of revision: String, within time: Duration) async -> PassReport? { nil }
    func reports() -> AsyncStream<PassReport> { AsyncStream { $0.finish() } }
}

/// Shows one status.
private struct ShownStatus: TelemetryService {
    var telemetryStatus: TelemetryStatus

    func traffic(
        of subject: TrafficSubject, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> TrafficHistory {
        TrafficHistory(resolution: resolution, points: [], keptFrom: nil)
    }

    func traffic(
        _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> [TrafficSubject: [TrafficHistory.Point]] { [:] }

    func geography(
        of peers: Set<String>?, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> FlowGeography { FlowGeography() }

    func recent() async -> RecentTraffic { RecentTraffic() }

    func place(of address: IPAddress) -> Place { Place() }
}
