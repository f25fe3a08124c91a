import Model
import Reconciler

/// Interfaces and peers with what they move right now.
struct TopTable: Sendable {
    let time: Timestamp
    let interfaces: [(interface: SeenInterface, rate: TrafficBytes?)]
    let peers: [Row]

    /// A peer and its rates in bits per second; nil: it was seen once.
    struct Row: Sendable {
        let peer: SeenPeer
        let rate: TrafficBytes?
    }

    /// When the host was looked at; nil: it was not yet.
    var observedAt: Timestamp? { interfaces.compactMap { $0.interface.observedAt?.value }.max() }

    /// The lines for people.
    ///
    /// - Parameter rows: how many there may be; nil: as many as it takes.
    func lines(_ order: TopOrder, rows: Int?, style: TextStyle) -> [String] {
        var lines = [heading, ""]
        lines += Self.lines(of: interfaceTable, style)
        lines.append("")
        let room = rows.map { max(0, $0 - lines.count - 1) }
        let ordered = order.sorted(peers)
        // The last line says how many there are besides.
        let shown = room.map { ordered.count <= $0 ? ordered.count : max(0, $0 - 1) } ?? ordered.count
        lines += peers.isEmpty ? ["no peers"] : Self.lines(of: table(ordered.prefix(shown)), style)
        if shown < ordered.count {
            lines.append(style.paint("… and \(Counting.counted(ordered.count - shown, "more peer"))", .faint))
        }
        return rows.map { Array(lines.prefix($0)) } ?? lines
    }

    private var heading: String {
        let date = CivilDate(time)
        let connected = peers.count { $0.peer.status == "connected" }
        let looked = observedAt.map { "looked \(Counting.duration(seconds: time.seconds - $0.seconds)) ago" }
        return "\(date.date) \(date.time) UTC, \(Counting.counted(interfaces.count, "interface")), "
            + "\(Counting.counted(peers.count, "peer")), \(Counting.grouped(connected)) connected, "
            + (looked ?? "the host was not looked at yet")
    }

    private var interfaceTable: TextTable {
        var table = TextTable(["INTERFACE", "STATE", "PEERS", "RECEIVED", "SENT", "RX RATE", "TX RATE"])
        for (interface, rate) in interfaces {
            table.append(
                [interface.name, interface.status, Counting.grouped(interface.peerCount)]
                    + Self.amounts(interface.observed.bytes, rate))
        }
        return table
    }

    private func table(_ rows: some Sequence<Row>) -> TextTable {
        var table = TextTable([
            "PEER", "INTERFACE", "STATE", "ENDPOINT", "HANDSHAKE", "RECEIVED", "SENT", "RX RATE", "TX RATE",
        ])
        for row in rows {
            let handshake = row.peer.lastHandshake.map {
                Counting.duration(seconds: time.seconds - $0.value.seconds) + " ago"
            }
            table.append(
                [
                    row.peer.name, row.peer.interface, row.peer.status, row.peer.endpoint ?? "-", handshake ?? "-",
                ] + Self.amounts(row.peer.bytes, row.rate))
        }
        return table
    }

    private static func lines(of table: TextTable, _ style: TextStyle) -> [String] {
        table.render(style).split(separator: "\n").map(String.init)
    }

    private static func amounts(_ bytes: TrafficBytes, _ rate: TrafficBytes?) -> [String] {
        [TrafficUnits.text(bytes: bytes.received), TrafficUnits.text(bytes: bytes.sent)]
            + [rate?.received, rate?.sent].map { $0.map(TrafficUnits.text(bitsPerSecond:)) ?? "-" }
    }

    /// The document.
    func json(_ order: TopOrder) -> JSONValue {
        .object([
            ("document", .string("top")), ("exit_code", .number(0)),
            ("observed_at", .optional(observedAt?.description)),
            (
                "interfaces",
                .array(
                    interfaces.map { interface, rate in
                        .object(
                            [
                                ("name", .string(interface.name)), ("status", .string(interface.status)),
                                ("peer_count", .number(interface.peerCount)),
                            ] + Self.entries(interface.observed.bytes, rate))
                    })
            ),
            (
                "peers",
                .array(
                    order.sorted(peers).map { row in
                        .object(
                            [
                                ("id", .string(row.peer.id)), ("name", .string(row.peer.name)),
                                ("interface", .string(row.peer.interface)), ("status", .string(row.peer.status)),
                                ("endpoint", .optional(row.peer.endpoint)),
                                ("last_handshake", .optional(row.peer.lastHandshake?.value.description)),
                            ] + Self.entries(row.peer.bytes, row.rate))
                    })
            ),
        ])
    }

    private static func entries(_ bytes: TrafficBytes, _ rate: TrafficBytes?) -> [(String, JSONValue)] {
        let count = { (value: UInt64?) in value.map { JSONValue.integer(Int64(clamping: $0)) } ?? .null }
        return [
            ("rx", count(bytes.received)), ("tx", count(bytes.sent)), ("rx_bps", count(rate?.received)),
            ("tx_bps", count(rate?.sent)),
        ]
    }
}
