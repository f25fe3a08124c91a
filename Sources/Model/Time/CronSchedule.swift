/// When something begins, in the five fields of crontab(5): minute, hour, day of the month, month, day of the week.
///
/// Each is `*`, a number, a range `1-5`, or several with commas; `*` and ranges take a step, `*/15`. Months and days may be
/// English words of three letters, and 7 is Sunday too. Where both days are restricted, one of them is enough, as in
/// cron: a field restricts if it does not begin with `*`.
///
/// It knows no time zone: times are local, in seconds since 1970-01-01T00:00 on the clock of a place.
public struct CronSchedule: Sendable, Hashable, CustomStringConvertible {
    /// The text it was read from.
    public let description: String
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    private let isEitherDay: Bool
    /// The longest time between two beginnings of one day, in seconds; zero where there is one a day.
    let longestGap: Int64

    /// The longest text in bytes.
    public static let maximumLength = 256
    /// The words for months, from January on, in lower case.
    public static let monthWords = CronField.month.words
    /// The words for days of the week, from Sunday on, in lower case.
    public static let weekdayWords = CronField.weekday.words

    /// Every minute.
    public static let always = CronSchedule()

    private init() {
        description = "* * * * *"
        (minutes, hours, days) = (Self.mask(0...59), Self.mask(0...23), Self.mask(1...31))
        (months, weekdays) = (Self.mask(1...12), Self.mask(0...6))
        isEitherDay = false
        longestGap = 60
    }

    /// Reads a schedule.
    ///
    /// - Throws: ``CronFailure``: what is wrong with the text, or that it never happens.
    public init(_ text: String) throws(CronFailure) {
        if let words = Self.nicknames[text] { throw CronFailure("write \(words) instead of \(text)") }
        guard text.utf8.count <= Self.maximumLength else {
            throw CronFailure("it is longer than \(Self.maximumLength) bytes")
        }
        guard text.first != " ", text.last != " " else { throw CronFailure("it begins or ends with a space") }
        let fields = text.split(separator: " ")
        guard fields.count == 5 else {
            throw CronFailure(
                "it has \(fields.count) fields, not minute, hour, day of the month, month, day of the week")
        }
        description = text
        minutes = try CronField.minute.mask(of: fields[0])
        hours = try CronField.hour.mask(of: fields[1])
        days = try CronField.day.mask(of: fields[2])
        months = try CronField.month.mask(of: fields[3])
        let weekdays = try CronField.weekday.mask(of: fields[4])
        self.weekdays = weekdays & 0x7F | weekdays >> 7 & 1
        isEitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        longestGap = Self.longestGap(hours, minutes)
        let longest: [Int: Int] = [2: 29, 4: 30, 6: 30, 9: 30, 11: 30]
        let first = days.trailingZeroBitCount
        let isPossible = (1...12).contains { Self.has(months, $0) && first <= longest[$0] ?? 31 }
        guard isEitherDay || isPossible else {
            throw CronFailure("it never happens: no month of it has a day \(first)")
        }
    }

    private static let nicknames = [
        "@yearly": "\"0 0 1 1 *\"", "@annually": "\"0 0 1 1 *\"", "@monthly": "\"0 0 1 * *\"",
        "@weekly": "\"0 0 * * 0\"", "@daily": "\"0 0 * * *\"", "@midnight": "\"0 0 * * *\"", "@hourly": "\"0 * * * *\"",
    ]

    /// The first time at or after one, up to another; nil: there is none.
    func first(from start: Int64, through end: Int64) -> Int64? {
        var (day, minute) = Timestamp.floorDivide(Timestamp.floorDivide(start + 59, 60).0, 1440)
        while day * 86_400 <= end {
            let (year, month, dayOfMonth) = Timestamp.civil(fromDays: day)
            guard Self.has(months, Int(month)) else {
                day += Timestamp.days(in: month, of: year) - dayOfMonth + 1
                minute = 0
                continue
            }
            if happens(on: dayOfMonth, day), let found = firstMinute(from: Int(minute)) {
                let time = day * 86_400 + Int64(found) * 60
                return time <= end ? time : nil
            }
            day += 1
            minute = 0
        }
        return nil
    }

    /// The last time at or before one, down to another; nil: there is none.
    func last(from end: Int64, downTo start: Int64) -> Int64? {
        var (day, minute) = Timestamp.floorDivide(Timestamp.floorDivide(end, 60).0, 1440)
        while day * 86_400 + 86_400 > start {
            let (_, month, dayOfMonth) = Timestamp.civil(fromDays: day)
            if Self.has(months, Int(month)), happens(on: dayOfMonth, day), let found = lastMinute(upTo: Int(minute)) {
                let time = day * 86_400 + Int64(found) * 60
                return time >= start ? time : nil
            }
            day -= 1
            minute = 1439
        }
        return nil
    }

    private func happens(on dayOfMonth: Int64, _ day: Int64) -> Bool {
        let isDay = Self.has(days, Int(dayOfMonth))
        // 1970-01-01 was a Thursday.
        let isWeekday = Self.has(weekdays, Int(Timestamp.floorDivide(day + 4, 7).1))
        return isEitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    private func firstMinute(from start: Int) -> Int? {
        let (hour, minute) = (start / 60, start % 60)
        let rest = minutes >> UInt64(minute)
        if Self.has(hours, hour), rest != 0 { return hour * 60 + minute + rest.trailingZeroBitCount }
        let later = hours >> UInt64(hour + 1)
        return later == 0 ? nil : (hour + 1 + later.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
    }

    private func lastMinute(upTo end: Int) -> Int? {
        let (hour, minute) = (end / 60, end % 60)
        let rest = minutes & Self.mask(0...minute)
        if Self.has(hours, hour), rest != 0 { return hour * 60 + 63 - rest.leadingZeroBitCount }
        guard hour > 0 else { return nil }
        let earlier = hours & Self.mask(0...hour - 1)
        return earlier == 0 ? nil : (63 - earlier.leadingZeroBitCount) * 60 + 63 - minutes.leadingZeroBitCount
    }

    private static func longestGap(_ hours: UInt64, _ minutes: UInt64) -> Int64 {
        let times = (0..<1440).filter { has(hours, $0 / 60) && has(minutes, $0 % 60) }
        return zip(times, times.dropFirst()).map { Int64($1 - $0) * 60 }.max() ?? 0
    }

    private static func has(_ mask: UInt64, _ number: Int) -> Bool { mask >> UInt64(number) & 1 == 1 }

    private static func mask(_ range: ClosedRange<Int>) -> UInt64 {
        range.reduce(0) { $0 | 1 << UInt64($1) }
    }
}
