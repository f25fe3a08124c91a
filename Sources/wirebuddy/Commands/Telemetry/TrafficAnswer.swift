import Model

/// What the daemon knows of the traffic that was asked for.
struct TrafficAnswer {
    let owner: TrafficOwner
    let span: TrafficSpan
    let history: TrafficHistory
    /// Who moved how much, the most first; nil: it was not asked for, or can't be told.
    var peers: [PeerSum]?
    /// Why it can't be told who moved how much; nil: it can.
    var peersMissing: String?

    /// What a peer moved in all.
    struct PeerSum: Equatable {
        let id: String
        /// As interface/name; nil: nobody declares it any more.
        let name: String?
        let bytes: TrafficBytes
    }

    /// Asks the daemon.
    ///
    /// - Throws: ``CommandFailure`` or ``DaemonRefusal``.
    init(_ owner: TrafficOwner, _ span: TrafficSpan, _ daemon: DaemonClient) async throws {
        self.owner = owner
        self.span = span
        switch owner {
        case .peer(let peer):
            history = try await Self.history("peers/\(TargetText.escaped(peer.id))", span, daemon)
        case .interface(let name):
            history = try await Self.history("interfaces/\(TargetText.escaped(name))", span, daemon)
        case .gateway(let names):
            var all: [TrafficHistory] = []
            for name in names {
                all.append(try await Self.history("interfaces/\(TargetText.escaped(name))", span, daemon))
            }
            history = Self.sum(all, span.resolution)
            do {
                let export: TrafficExportDocument = try await daemon.get(
                    "/api/metrics/export?format=json&\(span.query)")
                peers = Self.sums(export.rows)
            } catch let refusal as DaemonRefusal where refusal.status == 400 {
                // Thousands of peers over months: the picture is worth having without them.
                peersMissing = refusal.message
            }
        }
    }

    /// An answer that is known.
    init(owner: TrafficOwner, span: TrafficSpan, history: TrafficHistory, peers: [PeerSum]? = nil) {
        self.owner = owner
        self.span = span
        self.history = history
        self.peers = peers
    }

    private static func history(
        _ path: String, _ span: TrafficSpan, _ daemon: DaemonClient
    ) async throws -> TrafficHistory {
        let document: TrafficDocument = try await daemon.get("/api/metrics/\(path)?\(span.query)")
        return document.history(span.resolution)
    }

    /// Several histories of the same buckets as one: bytes are added up; peaks and connected times are the highest of
    /// any one, since when they were is not known.
    static func sum(_ histories: [TrafficHistory], _ resolution: TrafficResolution) -> TrafficHistory {
        var points: [Timestamp: TrafficHistory.Point] = [:]
        for point in histories.lazy.flatMap(\.points) {
            var sum = points[point.time] ?? TrafficHistory.Point(time: point.time)
            sum.bytes += point.bytes
            sum.peak = TrafficBytes(
                received: max(sum.peak.received, point.peak.received), sent: max(sum.peak.sent, point.peak.sent))
            sum.connectedSeconds = max(sum.connectedSeconds, point.connectedSeconds)
            points[point.time] = sum
        }
        return TrafficHistory(
            resolution: resolution, points: points.values.sorted { $0.time < $1.time },
            keptFrom: histories.compactMap(\.keptFrom).min())
    }

    /// What each peer moved, the most first.
    static func sums(_ rows: [TrafficExportDocument.Row]) -> [PeerSum] {
        var sums: [String: (name: String?, bytes: TrafficBytes)] = [:]
        for row in rows where row.kind == "peer" {
            guard let id = row.id else { continue }
            let name = row.interface.flatMap { interface in row.name.map { "\(interface)/\($0)" } }
            var sum = sums[id] ?? (name, TrafficBytes())
            sum.bytes += TrafficBytes(received: row.rx, sent: row.tx)
            sums[id] = sum
        }
        return sums.map { PeerSum(id: $0.key, name: $0.value.name, bytes: $0.value.bytes) }
            .sorted { ($1.bytes.total, $0.name ?? "~", $0.id) < ($0.bytes.total, $1.name ?? "~", $1.id) }
    }

    /// The picture of it.
    var plot: TrafficPlot {
        var plot = TrafficPlot(title: "Traffic of \(owner.title)", counted: owner.counted, history: history)
        // When others were at their highest is not known.
        if case .gateway(let names) = owner, names.count > 1 { plot.peakName = "peak of one interface" }
        return plot
    }
}
