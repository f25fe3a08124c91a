import Database
import Gateway
import HTTPTypes
import Manifest
import Model
import Reconciler
import Synchronization
import Testing

@testable import API

/// The gateway at a glance.
@Suite struct DashboardTests {
    private let path = "/api/metrics/dashboard"

    @Test func `it adds up what moved, and names who moved most to admins only`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let (phone, tablet) = (
            try await MetricsWorld.id("phone", gateway), try await MetricsWorld.id("tablet", gateway)
        )
        let gone = "99999999-e89b-42d3-a456-426614174000"
        gateway.telemetry.state.withLock { state in
            state.recent = RecentTraffic(
                today: [
                    .peer(phone): TrafficBytes(received: 10, sent: 20),
                    .peer(tablet): TrafficBytes(received: 100, sent: 200),
                    .peer(gone): TrafficBytes(received: 1, sent: 1),
                    .interface("wg0"): TrafficBytes(received: 5000, sent: 5000),
                ], rates: [.peer(phone): TrafficBytes(received: 8, sent: 16)], sampledAt: MetricsWorld.monday)
        }
        let answer = try await gateway.call(.get, path)
        #expect(
            answer.data.entries?.map(\.0) == [
                "interfaces", "peers", "traffic", "dns", "drift", "revision", "top_peers", "system",
            ])
        #expect(answer.text.contains(#""interfaces":{"total":1,"active":1}"#))
        #expect(answer.text.contains(#""peers":{"total":3,"connected":0,"idle":3,"disabled":0,"expired":0}"#))
        #expect(
            answer.text.contains(
                #""counted":"encrypted","rx":111,"tx":221,"rx_bps":8,"tx_bps":16,"sampled_at":"\#(MetricsWorld.monday)""#
            ))
        #expect(answer.data["traffic"]?["since"].text.hasSuffix("T00:00:00Z") == true)
        #expect(
            answer.text.contains(
                #""top_peers":[{"id":"\#(tablet)","name":"tablet","interface":"wg0","rx":100,"tx":200,"total":300,"#
                    + #""rx_bps":0,"tx_bps":0},{"id":"\#(phone)","name":"phone","interface":"wg0","rx":10,"tx":20,"#
                    + #""total":30,"rx_bps":8,"tx_bps":16}]"#))
        #expect(answer.text.contains(#""drift":{"count":0,"last_healed":null}"#))
        let user = try await gateway.call(.get, path, as: MetricsWorld.alice)
        #expect(user.data["top_peers"] == nil && user.data["dns"]?["top_clients"] == nil)
        #expect(user.data["traffic"]?["rx"].number == 111)
        for name in ["phone", "tablet", phone, tablet] { #expect(!user.text.contains(name), "\(name)") }
    }

    @Test func `at most ten peers are named`() async throws {
        var files: [String: String] = [:]
        let letters = Array("ABCDEFGHIJKL")
        for (number, letter) in letters.enumerated() {
            files["peers/p\(number).yaml"] =
                "kind: Peer\nname: p\(number)\ninterface: wg0\nip: [10.8.0.\(10 + number)]\n"
                + "public_key: \"\(letter)Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n"
        }
        let gateway = try await TestGateway(files)
        var today: [TrafficSubject: TrafficBytes] = [:]
        for number in letters.indices {
            today[.peer(try await MetricsWorld.id("p\(number)", gateway))] = TrafficBytes(sent: UInt64(number / 2))
        }
        let recent = RecentTraffic(today: today)
        gateway.telemetry.state.withLock { $0.recent = recent }
        let names = try await gateway.call(.get, path).data["top_peers"].items.map { $0["name"].text }
        #expect(names == ["p10", "p11", "p8", "p9", "p6", "p7", "p4", "p5", "p2", "p3"])
    }

    @Test func `peers are counted by what they do`() async throws {
        let gateway = try await TestGateway(
            DNSRuleTests.peers.merging([
                "peers/off.yaml": "kind: Peer\nname: off\ninterface: wg0\nip: [10.8.0.9]\nenabled: false\n"
                    + "public_key: \"DNd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n",
                "peers/old.yaml": "kind: Peer\nname: old\ninterface: wg0\nip: [10.8.0.10]\n"
                    + "expires_at: 2020-01-01T00:00:00Z\n"
                    + "public_key: \"ENd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n",
                "interfaces/wg1.yaml":
                    "kind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\nenabled: false\n",
            ]) { $1 })
        let key = try #require(PublicKey("ANd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM="))
        gateway.host.behaviour.withLock { $0.handshakes = [key: gateway.services.clock.now()] }
        _ = try await gateway.host.pass(PassOptions(trigger: "test"))
        let answer = try await gateway.call(.get, path)
        #expect(answer.text.contains(#""interfaces":{"total":2,"active":1}"#))
        #expect(answer.text.contains(#""peers":{"total":4,"connected":1,"idle":1,"disabled":1,"expired":1}"#))
    }

    @Test func `the revision says how far it got`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let head = try gateway.directory.git("rev-parse", "HEAD")
        func revision() async throws -> JSONValue? {
            _ = try await gateway.host.pass(PassOptions(trigger: "test"))
            return try await gateway.call(.get, path).data["revision"]
        }
        func row(_ state: String) -> JSONValue {
            .object([("applied", .string(head)), ("head", .string(head)), ("state", .string(state))])
        }
        #expect(try await revision() == row("converged"))
        gateway.host.behaviour.withLock { $0.failing = [ObjectID(.interface, "wg0"): "the kernel says no"] }
        #expect(try await revision() == row("failed"))
        gateway.host.behaviour.withLock {
            $0.failing = [:]
            $0.suspension = Suspension(reason: "a test", until: nil)
        }
        #expect(try await revision() == row("suspended"))
        gateway.host.behaviour.withLock { $0.suspension = nil }
        _ = try await revision()
        try gateway.directory.write("interfaces/wg0.yaml", TestGateway.wg0 + "description: newer\n")
        try gateway.directory.commit()
        let next = try gateway.directory.git("rev-parse", "HEAD")
        #expect(
            try await gateway.call(.get, path).data["revision"]
                == .object([("applied", .string(head)), ("head", .string(next)), ("state", .string("pending"))]))
    }

    @Test func `drift is counted, and when something was healed is told`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let object = ObjectID(.peer, "wg0/phone")
        let events = [
            Event(at: MetricsWorld.monday, pass: "a", kind: .healed, object: object, message: "healed"),
            Event(
                at: MetricsWorld.monday.advanced(bySeconds: 9), pass: "b", kind: .healed, object: object,
                message: "healed"),
            Event(
                at: MetricsWorld.monday.advanced(bySeconds: 99), pass: "c", kind: .drift, object: object,
                message: "drifted"),
        ]
        try await gateway.database.appendEvents(events)
        gateway.host.behaviour.withLock { $0.drifting = [object] }
        _ = try await gateway.host.pass(PassOptions(trigger: "test"))
        let answer = try await gateway.call(.get, path)
        #expect(
            answer.data["drift"]
                == .object([
                    ("count", .number(1)),
                    ("last_healed", .string(MetricsWorld.monday.advanced(bySeconds: 9).description)),
                ]))
        #expect(answer.data["revision"]?["state"] == .string("converged"))
    }

    @Test func `the process and its databases are measured`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let answer = try await gateway.call(.get, path)
        let system = answer.data["system"]
        #expect(system["rss_bytes"].number > 1 << 20 && system["uptime_seconds"].number >= 0)
        #expect(system["databases"]?["wirebuddy"]?["bytes"].number ?? 0 > 4096)
        #expect(system["databases"]?["telemetry"] == nil)
        let seconds = try #require(answer.text.firstMatch(of: /"cpu_seconds":([0-9]+\.[0-9][0-9]),/)?.1)
        #expect(Double(seconds) ?? 0 > 0)
    }
}

extension JSONValue? {
    fileprivate subscript(key: String) -> JSONValue? { self?[key] }
}
