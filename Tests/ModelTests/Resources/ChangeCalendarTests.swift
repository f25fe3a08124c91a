import Testing

@testable import Model

@Suite("Change windows")
struct ChangeCalendarTests {
    static func at(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    static func window(
        _ action: ChangeWindow.Action, _ cron: String, _ seconds: Int64, _ zone: TimeZoneRules = .utc
    ) throws -> ChangeWindow {
        ChangeWindow(action, try CronSchedule(cron), duration: .seconds(seconds), timeZone: zone)
    }

    static func open(_ windows: [ChangeWindow], _ times: String...) throws -> [Bool] {
        try times.map { ChangeCalendar(windows).isOpen(at: try at($0)) }
    }

    @Test func withoutWindowsItIsAlwaysOpen() throws {
        let now = try Self.at("2026-11-29T10:02:00Z")
        #expect(ChangeCalendar([]).isOpen(at: now) && ChangeCalendar([]).opening(from: now) == now)
    }

    @Test func anAllowingWindowClosesEverythingElse() throws {
        let nights = try [Self.window(.allow, "0 22 * * 5", 7200)]
        #expect(
            try Self.open(
                nights, "2026-12-04T21:59:59Z", "2026-12-04T22:00:00Z", "2026-12-04T23:59:59Z", "2026-12-05T00:00:00Z")
                == [false, true, true, false])
        let next = try ChangeCalendar(nights).opening(from: Self.at("2026-11-29T10:02:00Z"))
        #expect(next?.description == "2026-12-04T22:00:00Z")
    }

    @Test func aDenyingWindowClosesOnlyItselfAndWins() throws {
        let freeze = try [Self.window(.deny, "0 0 20 12 *", 604_800)]
        #expect(
            try Self.open(freeze, "2026-12-19T23:59:59Z", "2026-12-20T00:00:00Z", "2026-12-27T00:00:00Z")
                == [true, false, true])
        let both = try freeze + [Self.window(.allow, "0 22 * * *", 3600)]
        #expect(try Self.open(both, "2026-12-19T22:30:00Z", "2026-12-21T22:30:00Z") == [true, false])
        let next = try ChangeCalendar(both).opening(from: Self.at("2026-12-21T22:30:00Z"))
        #expect(next?.description == "2026-12-27T22:00:00Z")
    }

    @Test("a night in which the clock is put forward or back")
    func summerTime() throws {
        let vienna = try ZoneFiles.zone("Europe/Vienna")
        let allow = try [Self.window(.allow, "30 2 * * *", 1800, vienna)]
        // 02:30 does not exist: it begins at the jump from 02:00 to 03:00.
        #expect(
            try Self.open(
                allow, "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T01:29:59Z", "2026-03-29T01:30:00Z")
                == [false, true, true, false])
        // 02:30 exists twice: it begins once, at the first.
        #expect(
            try Self.open(
                allow, "2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z", "2026-10-25T00:59:59Z", "2026-10-25T01:00:00Z",
                "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z") == [false, true, true, false, false, true])
        let calendar = ChangeCalendar(allow)
        #expect(try calendar.opening(from: Self.at("2026-10-25T01:10:00Z"))?.description == "2026-10-26T01:30:00Z")
        #expect(try calendar.opening(from: Self.at("2026-03-28T12:00:00Z"))?.description == "2026-03-29T01:00:00Z")
        // It lasts as long as it says, whatever the clock shows at its end.
        let long = try [Self.window(.deny, "0 22 * * 6", 6 * 3600, vienna)]
        #expect(try Self.open(long, "2026-03-29T02:59:59Z", "2026-03-29T03:00:00Z") == [false, true])
    }

    @Test("what is seldom or never is found at once")
    func seldom() throws {
        let leapDay = try ChangeCalendar([Self.window(.allow, "0 0 29 2 *", 3600)])
        #expect(try leapDay.opening(from: Self.at("2026-03-01T00:00:00Z")) == nil, "not within a year")
        #expect(try leapDay.opening(from: Self.at("2027-03-01T00:00:00Z"))?.description == "2028-02-29T00:00:00Z")
        let elsewhere = try ZoneFiles.zone("America/Sao_Paulo")
        let never = try [
            [Self.window(.deny, "* * * * *", 60)], [Self.window(.deny, "0 0 * * *", 86_400)],
            [Self.window(.deny, "*/5 * * * *", 600, elsewhere)],
            [Self.window(.deny, "0 * * * *", 1800), Self.window(.deny, "30 * * * *", 1800)],
            [Self.window(.deny, "0 0 * * *", 86_400), Self.window(.allow, "0 4 * * *", 3600)],
        ]
        let now = try Self.at("2026-11-29T10:02:00Z")
        for windows in never {
            let took = ContinuousClock().measure {
                #expect(ChangeCalendar(windows).opening(from: now) == nil)
            }
            // Minute by minute it is half a million steps; this holds for a debug build on a busy machine.
            #expect(took < .seconds(5), "\(windows.count) windows took \(took)")
        }
    }

    @Test("any windows, minute by minute")
    func minutes() throws {
        var random = SeededGenerator(seed: 9)
        let zones = try [.utc, ZoneFiles.zone("Europe/Vienna"), ZoneFiles.zone("Australia/Lord_Howe")]
        let crons = [
            "0 22 * * 5", "30 2 * * *", "*/20 1-4 * * *", "0 */6 * * *", "15 3 * * sun", "0 0 1-28/9 * *",
            "* 2 * * *", "7 5 * * mon-fri",
        ]
        // The clocks of Vienna and of Lord Howe go back and forth in these days.
        for start in ["2026-03-27T00:00:00Z", "2026-10-02T00:00:00Z", "2026-10-23T00:00:00Z"] {
            let first = try Self.at(start).seconds
            for _ in 0..<4 {
                let windows = try (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    try Self.window(
                        Bool.random(using: &random) ? .allow : .deny, #require(crons.randomElement(using: &random)),
                        Int64.random(in: 1...400, using: &random) * 60, #require(zones.randomElement(using: &random)))
                }
                let calendar = ChangeCalendar(windows)
                let minutes = (0..<4 * 1440).map { first + Int64($0) * 60 }
                let begun = windows.map { begins(of: $0, from: first - 2 * 86_400, through: first + 5 * 86_400) }
                let isOpen = minutes.map { minute in
                    let open = zip(windows, begun).filter { window, begins in
                        begins.contains { $0 <= minute && minute < $0 + window.duration.components.seconds }
                    }.map(\.0.action)
                    return !open.contains(.deny)
                        && (open.contains(.allow) || windows.allSatisfy { $0.action == .deny })
                }
                let wrong = zip(minutes, isOpen).first { minute, expected in
                    calendar.isOpen(at: Timestamp(seconds: minute)) != expected
                }
                #expect(wrong == nil, "\(windows)")
                for index in stride(from: 0, to: minutes.count, by: 97) {
                    guard let next = isOpen[index...].firstIndex(of: true) else { continue }
                    #expect(
                        calendar.opening(from: Timestamp(seconds: minutes[index]))?.seconds == minutes[next],
                        "\(minutes[index]) \(windows)")
                }
            }
        }
    }

    /// Every beginning of a window: each minute that its clock shows or skips, at most once.
    private func begins(of window: ChangeWindow, from start: Int64, through end: Int64) -> [Int64] {
        var begins: [Int64] = []
        var shown: Set<Int64> = []
        var before = start - 60 + window.timeZone.offset(at: start - 60)
        for instant in stride(from: start, through: end, by: 60) {
            let local = instant + window.timeZone.offset(at: instant)
            // What was skipped since the minute before, too.
            for minute in stride(from: min(before + 60, local), through: local, by: 60) where !shown.contains(minute) {
                shown.insert(minute)
                if window.schedule.first(from: minute, through: minute) != nil { begins.append(instant) }
            }
            before = local
        }
        return begins
    }
}
