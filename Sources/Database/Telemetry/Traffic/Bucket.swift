import Model

/// Hours and days by their number since 1970 in UTC.
enum Bucket {
    static let hour: Int64 = 3600
    static let hoursOfDay: Int64 = 24

    static func hour(of time: Timestamp) -> Int64 { floor(time.seconds, hour) }

    static func day(of time: Timestamp) -> Int64 { floor(time.seconds, hour * hoursOfDay) }

    static func day(ofHour hour: Int64) -> Int64 { floor(hour, hoursOfDay) }

    static func time(ofHour number: Int64) -> Timestamp { Timestamp(seconds: number * hour) }

    static func time(ofDay number: Int64) -> Timestamp { Timestamp(seconds: number * hour * hoursOfDay) }

    /// The length of a retention in seconds.
    static func seconds(_ duration: Duration) -> Int64 { duration.components.seconds }

    private static func floor(_ value: Int64, _ width: Int64) -> Int64 {
        let remainder = value % width
        return (value - remainder) / width - (remainder < 0 ? 1 : 0)
    }
}
