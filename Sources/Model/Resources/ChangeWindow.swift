/// A time in which new revisions are taken into force, or are not: an element of `windows` of the settings.
///
/// It begins when its schedule says so on the clock of its time zone, and lasts for its duration, whatever that clock does
/// meanwhile. A beginning that the clock skips is at the jump; one that it shows twice is the first of both.
public struct ChangeWindow: Sendable, Equatable {
    /// What it does.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// New revisions are taken in it.
        case allow
        /// None is. It wins over any that allows.
        case deny
    }

    /// The shortest and the longest, in seconds: a minute, 7 days.
    public static let durations: ClosedRange<Int64> = 60...604_800

    /// What it does.
    public var action: Action
    /// When it begins.
    public var schedule: CronSchedule
    /// How long it lasts.
    public var duration: Duration
    /// On whose clock it begins.
    public var timeZone: TimeZoneRules

    /// A window.
    public init(
        _ action: Action, _ schedule: CronSchedule, duration: Duration, timeZone: TimeZoneRules = .utc
    ) {
        self.action = action
        self.schedule = schedule
        self.duration = duration
        self.timeZone = timeZone
    }

    /// Whether another one is declared with the same words. A newer edition of the time zone database makes no other
    /// window.
    public func isDeclared(as other: ChangeWindow) -> Bool {
        (action, schedule, duration, timeZone.name)
            == (other.action, other.schedule, other.duration, other.timeZone.name)
    }

    private var length: Int64 { duration.components.seconds }

    /// When it ends, if it is open; nil: it is not. What begins again before the end prolongs it, as far as that can be told
    /// at once: who finds it open at its end goes on from there.
    func end(at now: Int64) -> Int64? {
        guard let begun = lastBegin(upTo: now), now < begun + length else { return nil }
        guard schedule.longestGap > 0, schedule.longestGap <= length else { return begun + length }
        // It covers the day from its first beginning to its last. Where the clock is put back that is longer than it looks.
        let offset = timeZone.offset(at: begun)
        let midnight = Timestamp.floorDivide(begun + offset, 86_400).0 * 86_400
        guard let last = schedule.last(from: midnight + 86_399, downTo: midnight),
            timeZone.offset(at: last - offset) == offset
        else { return begun + length }
        return max(begun, last - offset) + length
    }

    /// When it begins next after `now`, up to `limit`; nil: not until then.
    func begin(after now: Int64, through limit: Int64) -> Int64? {
        let end = limit + 2 * 86_400
        var local = schedule.first(from: now + timeZone.offset(at: now), through: end)
        while let found = local {
            let instant = timeZone.instant(ofLocal: found)
            if instant > now { return instant <= limit ? instant : nil }
            local = schedule.first(from: found + 60, through: end)
        }
        return nil
    }

    /// When it began last, at `now` or as long before as matters.
    private func lastBegin(upTo now: Int64) -> Int64? {
        let start = now - length - 2 * 86_400
        // After the clock was put back, some of what it showed before the jump is still ahead.
        let latest = now + max(timeZone.offset(at: now), timeZone.offset(at: now - 86_400))
        var local = schedule.last(from: latest, downTo: start)
        while let found = local {
            let instant = timeZone.instant(ofLocal: found)
            if instant <= now { return instant }
            local = schedule.last(from: found - 60, downTo: start)
        }
        return nil
    }
}
