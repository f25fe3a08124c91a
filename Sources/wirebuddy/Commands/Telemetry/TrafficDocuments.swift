import Model

/// The traffic of a peer or an interface, as the API answers it.
struct TrafficDocument: Decodable {
    let points: [Point]
    private let keptFrom: String?

    private enum CodingKeys: String, CodingKey {
        case points
        case keptFrom = "kept_from"
    }

    struct Point: Decodable {
        let time: WrittenTime
        let rx: UInt64
        let tx: UInt64
        private let rxPeak: UInt64
        private let txPeak: UInt64
        private let connectedSeconds: Int64

        private enum CodingKeys: String, CodingKey {
            case time, rx, tx
            case rxPeak = "rx_peak_bps"
            case txPeak = "tx_peak_bps"
            case connectedSeconds = "connected_seconds"
        }

        /// The point that it tells of.
        var value: TrafficHistory.Point {
            TrafficHistory.Point(
                time: time.value, bytes: TrafficBytes(received: rx, sent: tx),
                peak: TrafficBytes(received: rxPeak, sent: txPeak), connectedSeconds: connectedSeconds)
        }
    }

    /// The history that it tells of.
    func history(_ resolution: TrafficResolution) -> TrafficHistory {
        TrafficHistory(
            resolution: resolution, points: points.map(\.value), keptFrom: keptFrom.flatMap(Timestamp.init))
    }
}

/// Who moved what, as the API exports it.
struct TrafficExportDocument: Decodable {
    let rows: [Row]

    struct Row: Decodable {
        let kind: String
        /// The identifier of a peer.
        let id: String?
        /// Of a peer that nobody declares any more null, as its name.
        let interface: String?
        let name: String?
        let rx: UInt64
        let tx: UInt64
    }
}
