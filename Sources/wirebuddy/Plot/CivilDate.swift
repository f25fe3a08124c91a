import Model

/// A date and time of day in UTC.
struct CivilDate: Equatable {
    let year: Int
    /// 1 to 12.
    let month: Int
    /// 1 to 31.
    let day: Int
    /// 0 to 23.
    let hour: Int
    /// 0 to 59.
    let minute: Int

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The date of an instant.
    init(_ time: Timestamp) {
        // RFC 3339: every field has its place.
        let text = Array(time.description.utf8)
        let number = { (range: Range<Int>) in text[range].reduce(0) { $0 * 10 + Int($1) - 48 } }
        year = number(0..<4)
        month = number(5..<7)
        day = number(8..<10)
        hour = number(11..<13)
        minute = number(14..<16)
    }

    /// Midnight of a date; nil: there is no such date.
    static func midnight(_ year: Int, _ month: Int, _ day: Int) -> Timestamp? {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let years = String(repeating: "0", count: 4 - String(year).count) + String(year)
        return Timestamp("\(years)-\(two(month))-\(two(day))T00:00:00Z")
    }

    /// `2026-11-29`.
    var date: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }
    /// `14:00`.
    var time: String { "\(Self.two(hour)):\(Self.two(minute))" }
    /// `Nov 29`.
    var monthAndDay: String { "\(monthName) \(day)" }
    /// `Nov`.
    var monthName: String { Self.months[(month + 11) % 12] }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
