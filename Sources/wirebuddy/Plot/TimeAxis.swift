import Model

/// An axis of time in UTC, with ticks at round times.
struct TimeAxis: Equatable {
    /// A round time.
    struct Tick: Equatable {
        let time: Timestamp
        /// What tells it from its neighbours: `06:00`, `Nov 29`, `Nov`, `2026`.
        let label: String
        /// What several have in common: the date of hours, the year of days and months; empty for years.
        let context: String
    }

    /// Oldest first.
    let ticks: [Tick]

    /// The finest ticks in `from` ..< `to` of which there are at most `most`.
    ///
    /// - Parameter finest: the shortest distance that makes sense, in seconds: ticks inside of a bucket tell nothing.
    init(from: Timestamp, to: Timestamp, most: Int, finest: Int64) {
        for step in Step.all where step.seconds >= finest {
            // Not counted one by one where it is clear that there are too many; a month may be longer than its step.
            guard (to.seconds - from.seconds) / step.seconds <= Int64(max(most, 1)) + 2 else { continue }
            let times = step.times(from: from, to: to)
            if times.count <= max(most, 1) {
                ticks = times.map(step.tick)
                return
            }
        }
        ticks = []
    }

    private enum Step {
        case hours(Int64)
        case days(Int64)
        /// Begin on Monday, as the buckets do.
        case weeks(Int64)
        case months(Int)
        case years(Int)

        static let all: [Step] =
            [1, 2, 3, 6, 12].map(Step.hours) + [1, 2].map(Step.days) + [1, 2].map(Step.weeks)
            + [1, 2, 3, 6].map(Step.months) + [1, 2, 5, 10, 20, 50, 100].map(Step.years)

        /// The shortest distance of two ticks.
        var seconds: Int64 {
            switch self {
            case .hours(let count): count * 3600
            case .days(let count): count * 86_400
            case .weeks(let count): count * 7 * 86_400
            case .months(let count): Int64(count) * 28 * 86_400
            case .years(let count): Int64(count) * 365 * 86_400
            }
        }

        func times(from: Timestamp, to: Timestamp) -> [Timestamp] {
            switch self {
            case .hours, .days: evenly(from: from, to: to, after: 0)
            // The first Monday of the epoch was its fifth day.
            case .weeks: evenly(from: from, to: to, after: 4 * 86_400)
            case .months(let count): monthly(from: from, to: to, every: count)
            case .years(let count): monthly(from: from, to: to, every: 12 * count)
            }
        }

        func tick(_ time: Timestamp) -> Tick {
            let date = CivilDate(time)
            return switch self {
            case .hours: Tick(time: time, label: date.time, context: date.date)
            case .days, .weeks: Tick(time: time, label: date.monthAndDay, context: "\(date.year)")
            case .months: Tick(time: time, label: date.monthName, context: "\(date.year)")
            case .years: Tick(time: time, label: "\(date.year)", context: "")
            }
        }

        private func evenly(from: Timestamp, to: Timestamp, after shift: Int64) -> [Timestamp] {
            let position = from.seconds - shift
            let remainder = position % seconds
            // Rounded up, before the epoch too.
            let first = from.seconds + (remainder > 0 ? seconds - remainder : -remainder)
            return stride(from: first, to: to.seconds, by: Int(seconds)).map(Timestamp.init(seconds:))
        }

        private func monthly(from: Timestamp, to: Timestamp, every count: Int) -> [Timestamp] {
            let start = CivilDate(from)
            var month = (start.year * 12 + start.month - 1) / count * count
            var times: [Timestamp] = []
            while let time = CivilDate.midnight(month / 12, month % 12 + 1, 1), time < to {
                if time >= from { times.append(time) }
                month += count
            }
            return times
        }
    }
}
