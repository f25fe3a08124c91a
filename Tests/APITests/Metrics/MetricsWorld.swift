import Gateway
import Model
import Testing

@testable import API

/// A gateway of two users whose peers moved something.
enum MetricsWorld {
    /// The beginning of an hour of a Monday.
    static let monday = Timestamp(seconds: 1_800_000_000 - 1_800_000_000 % 604_800 + 4 * 86_400)
    static let alice = DNSRuleTests.alice

    /// `phone` is alice's, `tablet` the admin's, and one has a name that a spreadsheet would calculate.
    static func gateway(userScope: String = "own") async throws -> TestGateway {
        let odd =
            "kind: Peer\nname: \"=1+1, B\u{FC}ro\"\ninterface: wg0\nip: [10.8.0.4]\nowner: admin\n"
            + "public_key: \"CNd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n"
        return try await TestGateway(
            DNSRuleTests.peers.merging([
                "settings.yaml": TestGateway.settings + "api: {user_scope: \(userScope)}\n", "peers/odd.yaml": odd,
            ]) { $1 })
    }

    /// The id of a peer.
    static func id(_ name: String, _ gateway: TestGateway) async throws -> String {
        let peers = try await gateway.services.states.current().index.peers
        return try #require(peers.first { $0.peer.name == name }?.id)
    }

    /// What moved within the hour that begins so many hours after ``monday``.
    static func point(_ hours: Int64, _ received: UInt64, _ sent: UInt64) -> TrafficHistory.Point {
        TrafficHistory.Point(
            time: monday.advanced(bySeconds: hours * 3600), bytes: TrafficBytes(received: received, sent: sent),
            peak: TrafficBytes(received: received * 8, sent: sent * 8), connectedSeconds: 60)
    }

    /// A span from ``monday`` on, as a query.
    static func query(hours: Int64) -> String {
        "start=\(monday)&end=\(monday.advanced(bySeconds: hours * 3600))"
    }
}
