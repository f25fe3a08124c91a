/// An instant of civil time in whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Seconds since the epoch; negative before it.
    public let seconds: Int64

    /// An instant from seconds since the epoch.
    @inlinable public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// Orders by time.
    @inlinable public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }

    /// This instant moved by a whole number of seconds.
    @inlinable public func advanced(bySeconds seconds: Int64) -> Timestamp {
        Timestamp(seconds: self.seconds + seconds)
    }
}

extension Timestamp: CustomStringConvertible, LosslessStringConvertible {
    /// Parses RFC 3339 with `Z` or a numeric offset; fractions of a second are cut off. Refused (nil): leap second
    /// 60, and an instant that is not in the years 0000-9999 of UTC, which RFC 3339 could not write back.
    public init?(_ description: String) {
        let text = Array(description.utf8)
        guard text.count >= 20 else { return nil }
        let number = { (range: Range<Int>) -> Int64? in
            var value: Int64 = 0
            for byte in text[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        let separators: [(Int, [Character])] = [(4, ["-"]), (7, ["-"]), (10, ["T", "t"]), (13, [":"]), (16, [":"])]
        for (index, allowed) in separators where !allowed.contains(Character(Unicode.Scalar(text[index]))) {
            return nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var index = 19
        if text[index] == UInt8(ascii: ".") {
            let start = index + 1
            index = start
            while index < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) { index += 1 }
            guard index > start, index < text.count else { return nil }
        }
        var offset: Int64 = 0
        switch text[index] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): guard index + 1 == text.count else { return nil }
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard index + 6 == text.count, text[index + 3] == UInt8(ascii: ":"),
                let hours = number(index + 1..<index + 3),
                let minutes = number(index + 4..<index + 6), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (text[index] == UInt8(ascii: "-") ? -60 : 60)
        default: return nil
        }
        let days = Self.daysFromCivil(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard (-62_167_219_200...253_402_300_799).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// RFC 3339 in UTC: `2027-01-01T00:00:00Z`.
    public var description: String {
        let (days, rest) = Self.floorDivide(seconds, 86_400)
        let (year, month, day) = Self.civil(fromDays: days)
        let two = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
        let padded = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return "\(padded)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    static func floorDivide(_ a: Int64, _ b: Int64) -> (Int64, Int64) {
        let quotient = a / b - (a % b < 0 ? 1 : 0)
        return (quotient, a - quotient * b)
    }

    static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days since the epoch of a date of the proleptic Gregorian calendar (years start in March, eras of 400 years).
    static func daysFromCivil(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(year, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func civil(fromDays days: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
