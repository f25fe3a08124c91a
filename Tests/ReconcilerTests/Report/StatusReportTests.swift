import Model
import Testing

@testable import Reconciler

@Suite("Status reports")
struct StatusReportTests {
    private static let at = Timestamp(seconds: 1_790_000_000)

    private static func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

    private static func sample() throws -> StatusReport {
        var report = StatusReport(at: at, config: "/etc/wirebuddy", state: "/var/lib/wirebuddy")
        report.head = StatusReport.Head(id: "8c1f2a97d1", origin: "git branch main", edited: ["peers/wg0/a.yaml"])
        report.remote = StatusReport.Remote(
            name: "origin", state: "unreachable", ahead: 2, behind: 0, since: at.advanced(bySeconds: -3600),
            reason: "no route to host", checked: at.advanced(bySeconds: -20))
        report.headProblems = []
        report.lastApplied = RevisionRecord(
            id: "8c1f2a97d1", status: .applied, message: "", at: at.advanced(bySeconds: -720))
        report.lastAttempted = RevisionRecord(
            id: "99aabbcc", status: .failed, message: "peers/a.yaml:3:1: unknown field", at: at)
        report.lastPass = at.advanced(bySeconds: -12)
        report.daemon = "process 4711 (wirebuddy serve) since 2026-09-21T00:00:00Z"
        report.suspension = Suspension(reason: "maintenance", until: nil)
        var window = ClosedWindow(revision: "8c1f2a97d1", opensAt: at.advanced(bySeconds: 7200))
        window.effect = .holds
        report.window = window
        report.revocations = [
            Revocation(publicKey: SamplePlan.key, until: at.advanced(bySeconds: 3600), author: "alice")
        ]
        report.conditions = [
            Condition(object: nil, kind: .ready, holds: false, message: "", since: at),
            Condition(
                object: ObjectID(.interface, "wg0"), kind: .blockedByFirewall, holds: true,
                message: "ip filter FORWARD drops forwarding: run `iptables -I FORWARD -i wg0 -j ACCEPT`",
                since: at.advanced(bySeconds: -300)),
        ]
        let host = HostIdentity(bootID: "c0ffee", namespace: 4_026_531_840)
        var observed = ObservedState(takenAt: at, host: host)
        observed.links = [
            ObservedLink(
                index: 7, name: "wg0", kind: "wireguard", mtu: 1420, isUp: true, alias: LinkMark.text,
                addresses: [try #require(InterfaceAddress("10.8.0.1/24"))])
        ]
        let other = PublicKey(words: (9, 9, 9, 9))
        observed.devices["wg0"] = ObservedDevice(
            implementation: .kernel, privateKey: nil, publicKey: SamplePlan.key, listenPort: 51820, fwmark: 0,
            peers: [
                ObservedPeer(publicKey: other, allowedIPs: [try prefix("10.8.0.3/32")]),
                ObservedPeer(
                    publicKey: SamplePlan.key,
                    endpoint: SocketAddress(try #require(IPAddress("203.0.113.7")), port: 4711),
                    allowedIPs: [try prefix("10.8.0.2/32")], lastHandshake: at.advanced(bySeconds: -30),
                    receivedBytes: 1_468_006, sentBytes: 12),
            ])
        report.interfaces = [
            InterfaceStatus(
                "wg0", observed: observed, names: [SamplePlan.key: "alice"], ids: [SamplePlan.key: SamplePlan.id])
        ]
        var telemetry = TelemetryStatus()
        telemetry.lastSample = at.advanced(bySeconds: -10)
        telemetry.databaseBytes = 25_165_824
        telemetry.flows.state = .unaccounted
        telemetry.flows.message = "the kernel does not count flows: run `sysctl net.netfilter.nf_conntrack_acct=1`"
        telemetry.flows.unaccounted = 12
        telemetry.flows.lostEvents = .max
        telemetry.flows.count = 812
        telemetry.flows.limit = 65_536
        telemetry.databases = [
            TelemetryStatus.GeoDatabase(
                use: "country", path: "/usr/share/GeoIP/country.mmdb", built: at.advanced(bySeconds: -86_400),
                type: "GeoLite2-Country"),
            TelemetryStatus.GeoDatabase(
                use: "asn", path: "/usr/share/GeoIP/asn.mmdb", failure: "there is no such file"),
        ]
        report.telemetry = telemetry
        report.events = [
            Event(
                at: at, pass: "1a2b", kind: .drift, object: ObjectID(.peer, "wg0/alice"), peer: SamplePlan.id,
                message: "allowed_ips changed")
        ]
        return report
    }

    @Test("what is wrong comes before the sessions")
    func text() throws {
        try Golden.expect(StatusText(try Self.sample()).render(), equals: "status.txt")
    }

    @Test("the same as JSON")
    func json() throws {
        try Golden.expect(
            String(decoding: StatusJSON(try Self.sample()).value.document(), as: UTF8.self), equals: "status.json")
    }

    @Test("many peers are capped")
    func capped() throws {
        var report = try Self.sample()
        let peer = report.interfaces[0].peers[1]
        report.interfaces[0].peers += [PeerStatus](repeating: peer, count: 100)
        #expect(StatusText(report).render().contains("… and 82 more peers (--all shows them)"))
        #expect(!StatusText(report, limit: nil).render().contains("more peers"))
    }

    @Test("bytes are in the units of wg show")
    func bytes() {
        #expect(StatusText.bytes(1023) == "1023 B")
        #expect(StatusText.bytes(1024) == "1.0 KiB")
        #expect(StatusText.bytes(1_468_006) == "1.4 MiB")
        #expect(StatusText.bytes(.max) == "16777216.0 TiB")
    }
}
