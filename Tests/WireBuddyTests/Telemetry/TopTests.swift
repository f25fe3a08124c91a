import Foundation
import Model
import Reconciler
import Testing

@testable import wirebuddy

@Suite("wirebuddy top")
struct TopTests {
    private static let now = Timestamp(seconds: 1_795_000_000)

    /// A look `age` seconds before now, in which the laptop has moved so much.
    private func look(age: Int64, received: Int, sent: Int) throws -> TopLook {
        let seen = Self.now.advanced(bySeconds: -age)
        let interfaces = """
            [{"name": "wg0", "address": "10.8.0.1/24", "status": "active", "peer_count": 3,
              "observed": {"backend": "kernel", "transfer_rx": \(received + 1), "transfer_tx": \(sent), "drift": false},
              "observed_at": "\(seen)"}]
            """
        let peers = """
            [{"id": "b", "name": "watch", "interface": "wg0", "status": "disabled", "last_handshake": null,
              "transfer_rx": 0, "transfer_tx": 0, "observed": {"endpoint": null}, "observed_at": "\(seen)"},
             {"id": "a", "name": "laptop", "interface": "wg0", "ip": "10.8.0.2", "status": "connected",
              "last_handshake": "\(seen.advanced(bySeconds: -60))", "transfer_rx": \(received), "transfer_tx": \(sent),
              "labels": {"team": "ops"}, "observed": {"endpoint": "203.0.113.9:51820", "state": "in_sync"},
              "observed_at": "\(seen)"},
             {"id": "c", "name": "a\\nb", "interface": "wg0", "status": "idle",
              "last_handshake": "\(seen.advanced(bySeconds: -7200))", "transfer_rx": 1, "transfer_tx": 900,
              "observed": {"endpoint": null}, "observed_at": "\(seen)"}]
            """
        return TopLook(
            time: Self.now, interfaces: try JSONDecoder().decode([SeenInterface].self, from: Data(interfaces.utf8)),
            peers: try JSONDecoder().decode([SeenPeer].self, from: Data(peers.utf8)))
    }

    private func rate(_ table: TopTable, _ id: String) -> TrafficBytes? { table.peers.first { $0.peer.id == id }?.rate }

    @Test("the table, without rates after the first look")
    func table() throws {
        var meter = TopMeter()
        let first = meter.take(try look(age: 12, received: 1000, sent: 2040))
        #expect(
            first.lines(.rate, rows: nil, style: .plain).joined(separator: "\n") == """
                2026-11-18 11:06 UTC, 1 interface, 3 peers, 1 connected, looked 12 s ago

                INTERFACE  STATE   PEERS  RECEIVED  SENT     RX RATE  TX RATE
                wg0        active  3      1001 B    2.0 KiB  -        -

                PEER     INTERFACE  STATE      ENDPOINT           HANDSHAKE  RECEIVED  SENT     RX RATE  TX RATE
                a\\u{a}b  wg0        idle       -                  2 h ago    1 B       900 B    -        -
                laptop   wg0        connected  203.0.113.9:51820  72 s ago   1000 B    2.0 KiB  -        -
                watch    wg0        disabled   -                  -          0 B       0 B      -        -
                """)
    }

    @Test("rates are those between two looks at the host")
    func rates() throws {
        var meter = TopMeter()
        #expect(rate(meter.take(try look(age: 12, received: 1000, sent: 2000)), "a") == nil)
        let second = meter.take(try look(age: 2, received: 6000, sent: 2000))
        #expect(rate(second, "a") == TrafficBytes(received: 4000, sent: 0))
        #expect(second.interfaces.first?.rate == TrafficBytes(received: 4000, sent: 0))
        #expect(rate(second, "b") == TrafficBytes())
        // The daemon has not looked again: nothing new is known.
        #expect(rate(meter.take(try look(age: 2, received: 6000, sent: 2000)), "a")?.received == 4000)
        // The peer was made anew: its counters are all it moved since.
        #expect(
            rate(meter.take(try look(age: 0, received: 250, sent: 0)), "a") == TrafficBytes(received: 1000, sent: 0))
        // The clock of the host was set back: how long it took is not known.
        #expect(rate(meter.take(try look(age: 100, received: 500, sent: 0)), "a")?.received == 1000)
        #expect(rate(meter.take(try look(age: 92, received: 1500, sent: 0)), "a")?.received == 1000)
    }

    @Test(
        "orders",
        arguments: [
            (TopOrder.rate, "acb"), (.rx, "acb"), (.tx, "cab"), (.name, "cab"), (.handshake, "acb"),
        ])
    func orders(_ order: TopOrder, _ ids: String) throws {
        var meter = TopMeter()
        _ = meter.take(try look(age: 12, received: 100, sent: 200))
        let table = meter.take(try look(age: 2, received: 200, sent: 200))
        #expect(order.sorted(table.peers).map(\.peer.id).joined() == ids)
    }

    @Test("the key s goes through all orders")
    func nextOrder() {
        var orders = [TopOrder.rate]
        for _ in 1..<TopOrder.allCases.count { orders.append(orders[orders.count - 1].next) }
        #expect(Set(orders).count == TopOrder.allCases.count && orders.last?.next == .rate)
    }

    @Test("a small window shows as many as fit, and how many are left out", arguments: 1...12)
    func window(_ rows: Int) throws {
        var meter = TopMeter()
        let lines = meter.take(try look(age: 2, received: 100, sent: 200)).lines(.name, rows: rows, style: .plain)
        #expect(lines.count <= rows)
        if rows == 8 { #expect(lines.last == "… and 2 more peers") }
        if rows == 9 { #expect(lines.count == 9 && !lines.contains { $0.hasPrefix("…") }) }
    }

    @Test("the document is what its schema says")
    func document() throws {
        var meter = TopMeter()
        var look = try look(age: 12, received: 100, sent: 200)
        let peers = look.peers.count
        #expect(try problems(meter.take(look).json(.rate), peers) == ["/peers/0/id", "/peers/1/id", "/peers/2/id"])
        look = TopLook(time: look.time, interfaces: [], peers: [])
        #expect(try problems(meter.take(look).json(.rate), 0) == [])
    }

    /// Where the document differs from its schema; the ids of these tests are none.
    private func problems(_ json: JSONValue, _ peers: Int) throws -> [String] {
        let document = try #require(try JSONText.value(of: Data(json.document())) as? [String: Any])
        #expect((document["peers"] as? [Any])?.count == peers)
        return try SchemaChecker(directory: TelemetryDocuments.schemas).problems(document, file: "top.schema.json")
            .compactMap { $0.split(separator: ":").first.map(String.init) }.sorted()
    }
}
