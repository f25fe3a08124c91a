/// What a time zone does in every year from some time on: the text of the `TZ` variable (POSIX), with the extensions of
/// RFC 9636, as it stands at the end of a file of the time zone database.
struct RecurringZoneRule: Sendable, Hashable {
    /// A day of each year.
    private enum Day: Hashable {
        /// The n-th day, 1 to 365; February 29 is not counted.
        case julian(Int64)
        /// The n-th day, 0 to 365.
        case ordinal(Int64)
        /// The n-th such day of the week (0 is Sunday) of a month; 5 is the last.
        case weekday(Int64, week: Int64, month: Int64)
    }

    private struct Daylight: Hashable {
        let offset: Int64
        let begins: Day
        let beginsAt: Int64
        let ends: Day
        let endsAt: Int64
    }

    private let standard: Int64
    private let daylight: Daylight?

    /// Reads `CET-1CEST,M3.5.0,M10.5.0/3`; nil: it is none.
    init?(_ text: some Sequence<UInt8>) {
        var rest = Scanner(bytes: Array(text))
        guard rest.name(), let west = rest.time() else { return nil }
        standard = -west
        if rest.isAtEnd {
            daylight = nil
            return
        }
        guard rest.name() else { return nil }
        var offset = standard + 3600
        if rest.next != UInt8(ascii: ",") {
            guard let west = rest.time() else { return nil }
            offset = -west
        }
        guard rest.skip(","), let begins = rest.day(), let beginsAt = rest.timeOfDay(), rest.skip(","),
            let ends = rest.day(), let endsAt = rest.timeOfDay(), rest.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, begins: begins, beginsAt: beginsAt, ends: ends, endsAt: endsAt)
    }

    /// The seconds that local time is ahead of UTC.
    func offset(at instant: Int64) -> Int64 {
        guard let daylight else { return standard }
        let days = Timestamp.floorDivide(instant + standard, 86_400).0
        let year = Timestamp.civil(fromDays: days).0
        let begins = Self.time(daylight.begins, of: year) + daylight.beginsAt - standard
        let ends = Self.time(daylight.ends, of: year) + daylight.endsAt - daylight.offset
        let isDaylight =
            begins < ends ? begins <= instant && instant < ends : instant < ends || begins <= instant
        return isDaylight ? daylight.offset : standard
    }

    private static func time(_ day: Day, of year: Int64) -> Int64 {
        let newYear = Timestamp.daysFromCivil(year: year, month: 1, day: 1)
        switch day {
        case .ordinal(let number): return (newYear + number) * 86_400
        case .julian(let number):
            let isLeap = Timestamp.days(in: 2, of: year) == 29
            return (newYear + number - (isLeap && number >= 60 ? 0 : 1)) * 86_400
        case .weekday(let weekday, let week, let month):
            let first = Timestamp.daysFromCivil(year: year, month: month, day: 1)
            let shift = Timestamp.floorDivide(weekday - (first + 4), 7).1
            var number = shift + (week - 1) * 7
            while number >= Timestamp.days(in: month, of: year) { number -= 7 }
            return (first + number) * 86_400
        }
    }

    /// Reads the text from its beginning to its end.
    private struct Scanner {
        let bytes: [UInt8]
        var place = 0

        var isAtEnd: Bool { place == bytes.count }
        var next: UInt8? { isAtEnd ? nil : bytes[place] }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }

        /// `CET` or `<+03>`: what it says is not needed.
        mutating func name() -> Bool {
            let isQuoted = skip("<")
            let start = place
            while let byte = next, isQuoted ? byte != UInt8(ascii: ">") : Self.isLetter(byte) { place += 1 }
            guard place - start >= 3 else { return false }
            return !isQuoted || skip(">")
        }

        /// `-1`, `5:30`, in seconds.
        mutating func time() -> Int64? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard let hours = number(167) else { return nil }
            var seconds = hours * 3600
            for unit: Int64 in [60, 1] where skip(":") {
                guard let part = number(59) else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// What stands behind the `/` of a day; two in the morning if there is none.
        mutating func timeOfDay() -> Int64? { skip("/") ? time() : 7200 }

        mutating func day() -> Day? {
            if skip("J") { return number(365).flatMap { $0 >= 1 ? Day.julian($0) : nil } }
            guard skip("M") else { return number(365).map { Day.ordinal($0) } }
            guard let month = number(12), month >= 1, skip("."), let week = number(5), week >= 1, skip("."),
                let weekday = number(6)
            else { return nil }
            return .weekday(weekday, week: week, month: month)
        }

        mutating func number(_ most: Int64) -> Int64? {
            let start = place
            var value: Int64 = 0
            while let byte = next, (48...57).contains(byte), place - start < 3 {
                value = value * 10 + Int64(byte - 48)
                place += 1
            }
            return place > start && value <= most ? value : nil
        }

        private static func isLetter(_ byte: UInt8) -> Bool {
            (65...90).contains(byte) || (97...122).contains(byte)
        }
    }
}
