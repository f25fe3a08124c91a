import Model
import Reconciler

/// An answer about traffic, as text, as JSON and as a table.
struct TrafficReport {
    private let answer: TrafficAnswer
    /// How many peers the text shows.
    private static let shownPeers = 10

    init(_ answer: TrafficAnswer) {
        self.answer = answer
    }

    /// For people.
    func text(width: Int, style: TextStyle) -> String {
        let plot = answer.plot
        var text = style.paint(TerminalText.escaped(plot.title), .heading) + "\n\(plot.subtitle)\n"
        if let loss = plot.loss { text += style.paint(loss, .warning) + "\n" }
        text += "\n" + TerminalPlot(plot, width: width, style: style).render() + "\n" + sums(style)
        if let missing = answer.peersMissing {
            text += "\nwho moved it can't be told: \(TerminalText.escaped(missing))\n"
        }
        if let peers = answer.peers, !peers.isEmpty { text += "\n" + table(of: peers, style) }
        return text
    }

    private func sums(_ style: TextStyle) -> String {
        let totals = answer.history.totals
        let plot = answer.plot
        let peaks = plot.peaks
        let peak = { (peak: TrafficPlot.Peak?) in
            peak.map { "\(TrafficUnits.text(bitsPerSecond: $0.rate)) (\(TrafficPlot.text($0.time)))" } ?? "-"
        }
        var table = TextTable(["", "RECEIVED", "SENT"])
        table.append(["total", TrafficUnits.text(bytes: totals.received), TrafficUnits.text(bytes: totals.sent)])
        table.append([plot.peakName, peak(peaks.received), peak(peaks.sent)])
        let connected = answer.history.points.reduce(0) { $0 + $1.connectedSeconds }
        guard case .peer = answer.owner else { return table.render(style) }
        return table.render(style) + "connected for \(Counting.duration(seconds: connected))\n"
    }

    private func table(of peers: [TrafficAnswer.PeerSum], _ style: TextStyle) -> String {
        var table = TextTable(["TOP PEERS (encrypted bytes)", "RECEIVED", "SENT", "TOTAL"])
        for peer in peers.prefix(Self.shownPeers) {
            table.append([
                peer.name ?? "\(peer.id) (removed)", TrafficUnits.text(bytes: peer.bytes.received),
                TrafficUnits.text(bytes: peer.bytes.sent), TrafficUnits.text(bytes: peer.bytes.total),
            ])
        }
        let more = peers.count - Self.shownPeers
        return table.render(style)
            + (more > 0 ? style.paint("… and \(Counting.counted(more, "more peer"))", .faint) + "\n" : "")
    }

    /// The document.
    ///
    /// - Parameter files: the pictures that were written.
    func json(files: [String]) -> JSONValue {
        .object([
            ("document", .string("traffic")), ("exit_code", .number(0)), ("of", owner),
            ("resolution", .string(answer.span.resolution.rawValue)),
            ("start", .string(answer.span.start.description)), ("end", .string(answer.span.end.description)),
            ("kept_from", .optional(answer.history.keptFrom?.description)),
            ("counted", .string(answer.owner.counted)),
            (
                "points",
                .array(answer.history.points.map { .object([("time", .string("\($0.time)"))] + Self.entries($0)) })
            ),
            ("totals", .object(Self.entries(totals))),
            (
                "peers",
                answer.peers.map { peers in
                    .array(
                        peers.map { peer in
                            .object([
                                ("id", .string(peer.id)), ("name", .optional(peer.name)),
                                ("rx", Self.count(peer.bytes.received)), ("tx", Self.count(peer.bytes.sent)),
                            ])
                        })
                } ?? .null
            ),
            ("files", .array(files.map(JSONValue.string))),
        ])
    }

    private var owner: JSONValue {
        switch answer.owner {
        case .gateway: .object([("kind", .string("gateway")), ("name", .null), ("id", .null)])
        case .interface(let name): .object([("kind", .string("interface")), ("name", .string(name)), ("id", .null)])
        case .peer(let peer):
            .object([("kind", .string("peer")), ("name", .string(peer.fullName)), ("id", .string(peer.id))])
        }
    }

    private var totals: TrafficHistory.Point {
        answer.history.points.reduce(into: TrafficHistory.Point(time: answer.span.start)) { sum, point in
            sum.bytes += point.bytes
            sum.peak = TrafficBytes(
                received: max(sum.peak.received, point.peak.received), sent: max(sum.peak.sent, point.peak.sent))
            sum.connectedSeconds += point.connectedSeconds
        }
    }

    private static func entries(_ point: TrafficHistory.Point) -> [(String, JSONValue)] {
        [
            ("rx", count(point.bytes.received)), ("tx", count(point.bytes.sent)),
            ("rx_peak_bps", count(point.peak.received)), ("tx_peak_bps", count(point.peak.sent)),
            ("connected_seconds", .integer(point.connectedSeconds)),
        ]
    }

    private static func count(_ value: UInt64) -> JSONValue { .integer(Int64(clamping: value)) }

    /// The points as RFC 4180 has it, with the headings of the API's tables. There are no texts in it to be quoted.
    var commaSeparated: String {
        var text = "time,rx_bytes,tx_bytes,rx_peak_bps,tx_peak_bps,connected_seconds\r\n"
        for point in answer.history.points {
            text += "\(point.time),\(point.bytes.received),\(point.bytes.sent),\(point.peak.received),"
            text += "\(point.peak.sent),\(point.connectedSeconds)\r\n"
        }
        return text
    }
}
