import Testing

@testable import Model

@Suite("Schedules of cron")
struct CronScheduleTests {
    static func seconds(_ text: String) throws -> Int64 { try #require(Timestamp("\(text):00Z")).seconds }

    @Test(
        "when it is next, and was last",
        arguments: [
            ("* * * * *", "2026-11-29T10:02", "2026-11-29T10:02", "2026-11-29T10:02"),
            ("0 22 * * 5", "2026-11-29T10:02", "2026-12-04T22:00", "2026-11-27T22:00"),
            ("0 22 * * fri", "2026-12-04T22:00", "2026-12-04T22:00", "2026-12-04T22:00"),
            ("0 22 * * Fri", "2026-12-04T22:01", "2026-12-11T22:00", "2026-12-04T22:00"),
            ("30 9 * * 7", "2026-11-29T09:31", "2026-12-06T09:30", "2026-11-29T09:30"),
            ("30 9 * * 0", "2026-11-29T09:31", "2026-12-06T09:30", "2026-11-29T09:30"),
            ("0 0 * * mon-fri", "2026-11-28T12:00", "2026-11-30T00:00", "2026-11-27T00:00"),
            ("0 0 * * fri-sun", "2026-11-30T12:00", "2026-12-04T00:00", "2026-11-29T00:00"),
            ("*/15 8-17 * * *", "2026-11-29T10:02", "2026-11-29T10:15", "2026-11-29T10:00"),
            ("*/15 8-17 * * *", "2026-11-29T17:46", "2026-11-30T08:00", "2026-11-29T17:45"),
            ("5,35 0-23/6 * * *", "2026-11-29T12:36", "2026-11-29T18:05", "2026-11-29T12:35"),
            ("0 4 1 jan,JUL *", "2026-11-29T10:02", "2027-01-01T04:00", "2026-07-01T04:00"),
            ("0 0 31 * *", "2026-11-29T10:02", "2026-12-31T00:00", "2026-10-31T00:00"),
            ("0 0 29 2 *", "2026-11-29T10:02", "2028-02-29T00:00", "2024-02-29T00:00"),
            ("0 0 29 2 *", "2096-03-01T00:00", "2104-02-29T00:00", "2096-02-29T00:00"),
            // Both days are restricted: either one.
            ("0 0 13 * 5", "2026-11-09T10:00", "2026-11-13T00:00", "2026-11-06T00:00"),
            ("0 0 13 * 5", "2026-12-12T10:00", "2026-12-13T00:00", "2026-12-11T00:00"),
            // One begins with a star: both.
            ("0 0 */2 * 5", "2026-11-28T10:00", "2026-12-11T00:00", "2026-11-27T00:00"),
            ("0 0 13 * */5", "2026-11-29T10:00", "2026-12-13T00:00", "2026-11-13T00:00"),
            ("59 23 31 12 *", "2026-12-31T23:59", "2026-12-31T23:59", "2026-12-31T23:59"),
            ("0 0 1 1 *", "1969-06-01T00:00", "1970-01-01T00:00", "1969-01-01T00:00"),
        ])
    func table(_ text: String, _ now: String, _ next: String, _ last: String) throws {
        let schedule = try CronSchedule(text)
        let (now, years) = (try Self.seconds(now), Int64(9 * 366 * 86_400))
        #expect(try schedule.first(from: now, through: now + years) == Self.seconds(next))
        #expect(try schedule.last(from: now, downTo: now - years) == Self.seconds(last))
        #expect(schedule.description == text)
    }

    @Test(
        "what is none, and why",
        arguments: [
            ("", "it has 0 fields, not minute, hour, day of the month, month, day of the week"),
            ("0 22 * *", "it has 4 fields, not minute, hour, day of the month, month, day of the week"),
            ("0 0 22 * * 5", "it has 6 fields, not minute, hour, day of the month, month, day of the week"),
            (" 0 22 * * 5", "it begins or ends with a space"), ("0 22 * * 5 ", "it begins or ends with a space"),
            ("60 * * * *", "in the minute, \"60\" is not 0 to 59"),
            ("0 24 * * *", "in the hour, \"24\" is not 0 to 23"),
            ("0 0 0 * *", "in the day of the month, \"0\" is not 1 to 31"),
            ("0 0 * 13 *", "in the month, \"13\" is not 1 to 12 or jan to dec"),
            ("0 0 * * 8", "in the day of the week, \"8\" is not 0 to 7 or sun to sat"),
            ("0 0 * * friday", "in the day of the week, \"friday\" is not 0 to 7 or sun to sat"),
            ("0 0 * fri *", "in the month, \"fri\" is not 1 to 12 or jan to dec"),
            ("0 22-2 * * *", "in the hour, \"22-2\" goes backwards: write two ranges with a comma between them"),
            ("*/0 * * * *", "in the minute, the step of \"*/0\" is not 1 to 59"),
            ("*/60 * * * *", "in the minute, the step of \"*/60\" is not 1 to 59"),
            ("5/10 * * * *", "in the minute, \"5/10\" has a step but no range: write 5-59/10"),
            ("1,,2 * * * *", "in the minute, \"\" is not 0 to 59"),
            ("1-2-3 * * * *", "in the minute, \"1-2-3\" is not 0 to 59"),
            ("-1 * * * *", "in the minute, \"-1\" is not 0 to 59"),
            ("+1 * * * *", "in the minute, \"+1\" is not 0 to 59"),
            ("1/2/3 * * * *", "in the minute, \"1/2/3\" is not 0 to 59"),
            ("? * * * *", "in the minute, \"?\" is not 0 to 59"),
            ("٣ * * * *", "in the minute, \"٣\" is not 0 to 59"),
            ("001 * * * *", "in the minute, \"001\" is not 0 to 59"),
            ("@daily", "write \"0 0 * * *\" instead of @daily"),
            ("0 0 30 2 *", "it never happens: no month of it has a day 30"),
            ("0 0 31 2,4,jun,9,11 *", "it never happens: no month of it has a day 31"),
            ("0 0 31 4 */2", "it never happens: no month of it has a day 31"),
        ])
    func refused(_ text: String, _ why: String) {
        #expect(throws: CronFailure(why)) { try CronSchedule(text) }
    }

    @Test("the 30th of February or a Friday is every Friday of February")
    func either() throws {
        let schedule = try CronSchedule("0 0 30 2 5")
        let now = try Self.seconds("2027-01-01T00:00")
        #expect(try schedule.first(from: now, through: now + 86_400 * 60) == Self.seconds("2027-02-05T00:00"))
    }

    @Test("a long text is refused before it is read")
    func long() {
        let text = Array(repeating: "1", count: 300).joined(separator: ",") + " * * * *"
        #expect(throws: CronFailure("it is longer than 256 bytes")) { try CronSchedule(text) }
    }

    @Test("any schedule, minute by minute")
    func minutes() throws {
        var random = SeededGenerator(seed: 5)
        func numbers(_ range: ClosedRange<Int>, _ most: Int) -> Set<Int> {
            Set((0..<Int.random(in: 1...most, using: &random)).map { _ in Int.random(in: range, using: &random) })
        }
        for _ in 0..<40 {
            let (minutes, hours, weekdays) = (numbers(0...59, 4), numbers(0...23, 5), numbers(0...6, 3))
            let list = { (set: Set<Int>) in set.sorted().map(String.init).joined(separator: ",") }
            let schedule = try CronSchedule("\(list(minutes)) \(list(hours)) * * \(list(weekdays))")
            let start = Int64.random(in: 0..<60_000_000, using: &random) * 60
            let end = start + 20_000 * 60
            let times = stride(from: start, through: end, by: 60).filter { time in
                let minute = Int(time / 60)
                guard minutes.contains(minute % 60), hours.contains(minute / 60 % 24) else { return false }
                return weekdays.contains((minute / 1440 + 4) % 7)
            }
            for _ in 0..<200 {
                let now = Int64.random(in: start...end, using: &random)
                #expect(schedule.first(from: now, through: end) == times.first { $0 >= now })
                #expect(schedule.last(from: now, downTo: start) == times.last { $0 <= now })
            }
        }
    }
}
