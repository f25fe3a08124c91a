import Model

extension FieldType where Value == Timestamp {
    /// A point in time.
    static var timestamp: FieldType {
        FieldType(string: "timestamp", allowed: "a time such as 2027-01-01T00:00:00Z (RFC 3339)") { Timestamp($0) }
    }
}

extension FieldType where Value == TimeOfDay {
    /// A time of the day in UTC.
    static var timeOfDay: FieldType {
        FieldType(string: "time-of-day", allowed: "a time of the day such as 07:00 (UTC)") { TimeOfDay($0) }
    }
}

extension FieldType where Value == Duration {
    /// A span of time in a range of seconds.
    static func duration(_ range: ClosedRange<Int64>, _ text: String) -> FieldType {
        FieldType(
            string: "duration", allowed: "a duration \(text), such as 30s, 5m, 12h or 30d",
            hint: { text in DurationText.seconds(text + "s").map { "write \($0)s" } },
            text: { SettingText.of($0) }
        ) { text in
            guard let seconds = DurationText.seconds(text), range.contains(seconds) else { return nil }
            return .seconds(seconds)
        }
    }
}
