import Foundation
import Testing

@testable import Model

@Suite("Time zones")
struct TimeZoneRulesTests {
    static func seconds(_ text: String) throws -> Int64 { try #require(Timestamp(text)).seconds }

    @Test("the clocks of the world, as another implementation has them")
    func world() throws {
        let names = [
            "Europe/Vienna", "Europe/Dublin", "America/New_York", "America/St_Johns", "Australia/Sydney",
            "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Etc/GMT+5", "America/Sao_Paulo",
        ]
        for name in names {
            let rules = try ZoneFiles.zone(name)
            let other = try #require(TimeZone(identifier: name))
            var instant = try Self.seconds("1985-01-01T00:00:00Z")
            let end = try Self.seconds("2065-01-01T00:00:00Z")
            while instant < end {
                let expected = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
                guard rules.offset(at: instant) == Int64(expected) else {
                    Issue.record(
                        "\(name) at \(Timestamp(seconds: instant)): \(rules.offset(at: instant)), not \(expected)")
                    break
                }
                instant += 37 * 3600 + 11
            }
        }
    }

    @Test(
        "the second in which the clock is put forward or back",
        arguments: [
            ("2026-03-29T00:59:59Z", 3600), ("2026-03-29T01:00:00Z", 7200), ("2026-10-25T00:59:59Z", 7200),
            ("2026-10-25T01:00:00Z", 3600), ("2150-03-29T01:00:00Z", 7200),
        ])
    func edges(_ instant: String, _ offset: Int64) throws {
        #expect(try ZoneFiles.zone("Europe/Vienna").offset(at: Self.seconds(instant)) == offset)
    }

    @Test(
        "a time that is skipped is at the jump, one that comes twice is the first",
        arguments: [
            ("2026-03-29T01:59:00Z", "2026-03-29T00:59:00Z"), ("2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-03-29T02:59:59Z", "2026-03-29T01:00:00Z"), ("2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-03-29T03:00:01Z", "2026-03-29T01:00:01Z"), ("2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z"),
            ("2026-10-25T02:00:00Z", "2026-10-25T00:00:00Z"), ("2026-10-25T02:59:59Z", "2026-10-25T00:59:59Z"),
            ("2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"), ("2026-07-01T12:00:00Z", "2026-07-01T10:00:00Z"),
        ])
    func local(_ time: String, _ instant: String) throws {
        let found = try ZoneFiles.zone("Europe/Vienna").instant(ofLocal: Self.seconds(time))
        #expect(Timestamp(seconds: found).description == instant)
    }

    @Test(
        "the rule for later years",
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2090-07-01T00:00:00Z", 7200),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2090-12-01T00:00:00Z", 3600),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2090-01-01T00:00:00Z", 39_600),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2090-06-01T00:00:00Z", 37_800),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2090-01-15T00:00:00Z", 0),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2090-07-15T00:00:00Z", 3600),
            ("XXX3EDT4,0/0,J365/23", "2090-05-05T00:00:00Z", -14_400), ("EST5", "2090-05-05T00:00:00Z", -18_000),
            ("AAA0BBB,J60/0,J61/0", "2024-03-01T12:00:00Z", 3600),
            ("AAA0BBB,J60/0,J61/0", "2023-03-01T12:00:00Z", 3600),
            ("AAA0BBB,59/0,60/0", "2024-02-29T12:00:00Z", 3600), ("AAA0BBB,59/0,60/0", "2023-03-01T12:00:00Z", 3600),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2090-03-26T00:59:59Z", -7200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2090-03-26T01:00:00Z", -3600),
        ])
    func later(_ rule: String, _ instant: String, _ offset: Int64) throws {
        let zone = try #require(TimeZoneRules(name: "Test", file: ZoneFiles.file([], rule: rule)))
        #expect(try zone.offset(at: Self.seconds(instant)) == offset)
    }

    @Test("before the first change, between two, and after the last without a rule")
    func changes() throws {
        let file = ZoneFiles.file([(0, 3600), (1000, 7200)], first: -60, rule: "")
        let zone = try #require(TimeZoneRules(name: "Test", file: file))
        #expect([-1, 0, 999, 1000, 1 << 40].map { zone.offset(at: $0) } == [-60, 3600, 3600, 7200, 7200])
    }

    @Test("what is no file of a time zone, or half of one, is none")
    func damaged() {
        let file = ZoneFiles.file([(0, 3600), (1000, 7200)], rule: "CET-1CEST,M3.5.0,M10.5.0/3")
        #expect(TimeZoneRules(name: "Test", file: file) != nil)
        for length in 0..<file.count { #expect(TimeZoneRules(name: "Test", file: Array(file.prefix(length))) == nil) }
        for rule in ["CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1 ", "CET-200"] {
            #expect(TimeZoneRules(name: "Test", file: ZoneFiles.file([], rule: rule)) == nil, "\(rule)")
        }
        #expect(TimeZoneRules(name: "Test", file: ZoneFiles.file([(1000, 0), (0, 0)], rule: "")) == nil)
        #expect(TimeZoneRules(name: "Test", file: ZoneFiles.file([], rule: "UTC0", leaps: 1)) == nil)
        var random = SeededGenerator(seed: 8)
        for _ in 0..<5000 {
            var broken = file
            broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            // Whatever it is taken for, asking it ends.
            _ = TimeZoneRules(name: "Test", file: broken)?.instant(ofLocal: 1_800_000_000)
        }
    }

    @Test func names() {
        for name in ["UTC", "Europe/Vienna", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince"] {
            #expect(TimeZoneRules.isName(name), "\(name)")
        }
        for name in ["", "/UTC", "Europe/", "../UTC", "Europe/../UTC", "utc", "posix/UTC", "Europe/Vi enna", "U.T"] {
            #expect(!TimeZoneRules.isName(name), "\(name)")
        }
    }
}
