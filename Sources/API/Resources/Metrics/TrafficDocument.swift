import HTTPTypes
import Model

/// The traffic of one peer or interface as the contract shows it.
struct TrafficDocument {
    private let history: TrafficHistory
    private let range: TimeRange
    private let counted: CountedBytes

    init(_ history: TrafficHistory, _ range: TimeRange, counted: CountedBytes) {
        self.history = history
        self.range = range
        self.counted = counted
    }

    /// The fields behind those that say whose it is.
    var entries: [(String, JSONValue)] {
        [
            ("resolution", .string(history.resolution.rawValue)),
            ("start", .string(range.start.description)),
            ("end", .string(range.end.description)),
            ("counted", .string(counted.rawValue)),
            ("kept_from", .optional(history.keptFrom?.description)),
            (
                "points",
                .array(history.points.map { .object([("time", .string($0.time.description))] + Self.sums($0)) })
            ),
            ("totals", .object(Self.sums(totals))),
        ]
    }

    /// The points as a file.
    ///
    /// - Parameter fallback: its name for programs that read plain letters only.
    func table(named name: String, fallback: String) -> APIResponse {
        var table = CommaSeparatedText(headings: ["time"] + Self.headings)
        for point in history.points { table.append([.time(point.time)] + Self.cells(point)) }
        return APIResponse(
            status: .ok,
            headers: [
                .contentDisposition: FileNameHeader.attachment(
                    name: "\(name)-\(history.resolution.rawValue)",
                    fallback: "\(fallback)-\(history.resolution.rawValue)", ending: "csv")
            ], bytes: table.bytes, contentType: CommaSeparatedText.contentType)
    }

    /// All points as one: the bytes and times are added up, the peaks are the highest.
    private var totals: TrafficHistory.Point {
        history.points.reduce(into: TrafficHistory.Point(time: range.start)) { sum, point in
            sum.bytes += point.bytes
            sum.peak.received = max(sum.peak.received, point.peak.received)
            sum.peak.sent = max(sum.peak.sent, point.peak.sent)
            sum.connectedSeconds += point.connectedSeconds
        }
    }

    /// What a point holds beside its time.
    static func sums(_ point: TrafficHistory.Point) -> [(String, JSONValue)] {
        [
            ("rx", .count(point.bytes.received)),
            ("tx", .count(point.bytes.sent)),
            ("rx_peak_bps", .count(point.peak.received)),
            ("tx_peak_bps", .count(point.peak.sent)),
            ("connected_seconds", .integer(point.connectedSeconds)),
        ]
    }

    /// The headings of ``cells(_:)``, which name the units.
    static let headings = ["rx_bytes", "tx_bytes", "rx_peak_bps", "tx_peak_bps", "connected_seconds"]

    /// The same as cells of a table.
    static func cells(_ point: TrafficHistory.Point) -> [CommaSeparatedText.Cell] {
        [
            .count(point.bytes.received), .count(point.bytes.sent), .count(point.peak.received),
            .count(point.peak.sent), .number(point.connectedSeconds),
        ]
    }
}
