import Model

/// What a picture of traffic shows, whoever draws it.
struct TrafficPlot {
    /// Whose traffic.
    let title: String
    /// Which bytes are counted: `encrypted` or `inner`.
    let counted: String
    /// The amounts.
    let history: TrafficHistory
    /// Which rate the highest is of.
    var peakName = "peak"

    /// The beginning of the first bucket; nil: there is none.
    var start: Timestamp? { history.points.first?.time }

    /// The end of the last bucket; nil: there is none.
    var end: Timestamp? { history.points.last?.time.advanced(bySeconds: history.resolution.seconds) }

    /// Whether nothing moved.
    var isEmpty: Bool { history.points.allSatisfy(\.bytes.isZero) }

    /// `encrypted bytes per hour, 2026-11-28 00:00 to 2026-11-29 00:00 UTC`.
    var subtitle: String {
        guard let start, let end else { return "\(counted) bytes per \(Self.unit(history.resolution))" }
        return "\(counted) bytes per \(Self.unit(history.resolution)), \(Self.text(start)) to \(Self.text(end)) UTC"
    }

    /// What the plot can't show because it is kept no longer; nil: nothing.
    var loss: String? {
        guard let start, let end else { return nil }
        guard let kept = history.keptFrom else { return "nothing is kept by \(Self.unit(history.resolution))" }
        guard kept > start else { return nil }
        return kept < end
            ? "kept since \(Self.text(kept)) UTC" : "no longer kept by \(Self.unit(history.resolution))"
    }

    /// The highest rates of each direction, and when.
    var peaks: (received: Peak?, sent: Peak?) { (peak(\.received), peak(\.sent)) }

    /// A highest rate.
    struct Peak: Equatable {
        /// In bits per second.
        let rate: UInt64
        /// The bucket it lies in.
        let time: Timestamp
    }

    private func peak(_ rate: (TrafficBytes) -> UInt64) -> Peak? {
        let highest = history.points.max { rate($0.peak) < rate($1.peak) }
        return highest.flatMap { rate($0.peak) == 0 ? nil : Peak(rate: rate($0.peak), time: $0.time) }
    }

    /// `hour`, `day`, `week`.
    static func unit(_ resolution: TrafficResolution) -> String {
        switch resolution {
        case .hourly: "hour"
        case .daily: "day"
        case .weekly: "week"
        }
    }

    /// `2026-11-28 06:00`.
    static func text(_ time: Timestamp) -> String {
        let date = CivilDate(time)
        return "\(date.date) \(date.time)"
    }
}
