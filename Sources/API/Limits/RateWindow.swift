/// The requests of one client within a sliding window. It takes as many entries as there were moments with a request,
/// at most as many as the window has ticks.
struct RateWindow: Sendable {
    private struct Mark: Sendable {
        /// The tick that its requests share.
        var tick: Int64
        /// The last of them, in milliseconds.
        var time: Int64
        var count: Int
    }

    private var marks: [Mark] = []
    private var count = 0

    /// How a request fared.
    struct Outcome: Sendable, Equatable {
        /// Whether it is answered.
        var isTaken: Bool
        /// How many more would be.
        var remaining: Int
        /// When the next one of those counted now is forgotten, in milliseconds from now; 0 when none is counted.
        var reset: Int64
    }

    /// Counts a request, unless `limit` were counted within the window already.
    ///
    /// - Parameters:
    ///   - now: Milliseconds of a clock that never goes back.
    ///   - window: The length in milliseconds.
    mutating func take(at now: Int64, limit: Int, window: Int64) -> Outcome {
        // Those of a tick are forgotten with its last one: never more than `limit` in any window, and nobody who waited
        // for a whole window is refused.
        forget(before: now - window)
        let isTaken = count < limit
        if isTaken {
            let tick = now / max(1, window / 600)
            if marks.last?.tick == tick {
                marks[marks.count - 1].time = now
                marks[marks.count - 1].count += 1
            } else {
                marks.append(Mark(tick: tick, time: now, count: 1))
            }
            count += 1
        }
        // A limit that became smaller needs more than one to be forgotten.
        var excess = count - limit
        var end = marks.first?.time
        for mark in marks where excess >= 0 {
            end = mark.time
            excess -= mark.count
        }
        return Outcome(
            isTaken: isTaken, remaining: max(0, limit - count), reset: end.map { $0 + window - now } ?? 0)
    }

    /// Whether nothing is counted any more.
    func isOver(at now: Int64, window: Int64) -> Bool {
        marks.last.map { $0.time <= now - window } ?? true
    }

    private mutating func forget(before time: Int64) {
        var gone = 0
        while gone < marks.count, marks[gone].time <= time {
            count -= marks[gone].count
            gone += 1
        }
        if gone > 0 { marks.removeFirst(gone) }
    }
}
