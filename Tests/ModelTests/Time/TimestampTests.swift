import Glibc
import Model
import Testing

@Suite struct TimestampTests {
    /// Seconds by `date -u -d TEXT +%s`.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2027-01-01T00:00:00Z", 1_798_761_600),
        // RFC 3339, 5.8
        ("1985-04-12T23:20:50.52Z", 482_196_050), ("1996-12-19T16:39:57-08:00", 851_042_397),
        ("1937-01-01T12:00:27.87+00:20", -1_041_337_173),
        // leap days, and centuries
        ("2024-02-29T12:00:00Z", 1_709_208_000), ("2000-02-29T00:00:00Z", 951_782_400),
        ("2000-03-01T00:00:00Z", 951_868_800),
        ("1900-03-01T00:00:00Z", -2_203_891_200), ("1600-02-29T00:00:00Z", -11_670_998_400),
        // offsets over midnight and new year, `-00:00` (unknown local offset), lower case
        ("2026-12-31T23:30:00-01:00", 1_798_763_400), ("2027-01-01T00:30:00+01:00", 1_798_759_800),
        ("2027-01-01T00:00:00-00:00", 1_798_761_600), ("2027-01-01t00:00:00z", 1_798_761_600),
        ("2027-01-01T23:59:00+23:59", 1_798_761_600), ("2027-01-01T00:00:00.999999999999Z", 1_798_761_600),
        // the ends of the calendar
        ("0000-01-01T00:00:00Z", -62_167_219_200), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("9999-12-31T23:59:59.9+00:00", 253_402_300_799), ("0000-01-01T01:00:00+01:00", -62_167_219_200),
    ])
    func seconds(text: String, expected: Int64) {
        #expect(Timestamp(text)?.seconds == expected)
    }

    @Test(arguments: [
        "", "2027", "2027-01-01", "2027-01-01T00:00:00", "2027-01-01 00:00:00Z", "2027-01-01T00:00Z",
        "27-01-01T00:00:00Z",
        "2027-1-01T00:00:00Z", "02027-01-01T00:00:00Z", "+2027-01-01T00:00:00Z", "-001-01-01T00:00:00Z",
        "2027/01/01T00:00:00Z",
        "2027-00-01T00:00:00Z", "2027-13-01T00:00:00Z", "2027-01-00T00:00:00Z", "2027-01-32T00:00:00Z",
        "2027-04-31T00:00:00Z",
        "2027-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2024-02-30T00:00:00Z",
        "2027-01-01T24:00:00Z", "2027-01-01T00:60:00Z", "2027-01-01T00:00:61Z", "2016-12-31T23:59:60Z",
        "2027-01-01T00:00:00.Z", "2027-01-01T00:00:00.", "2027-01-01T00:00:00.5", "2027-01-01T00:00:00,5Z",
        "2027-01-01T00:00:00ZZ", "2027-01-01T00:00:00Z ", " 2027-01-01T00:00:00Z", "2027-01-01T00:00:00+1:00",
        "2027-01-01T00:00:00+0100", "2027-01-01T00:00:00+01", "2027-01-01T00:00:00+01:0", "2027-01-01T00:00:00+24:00",
        "2027-01-01T00:00:00+01:60", "2027-01-01T00:00:00+01:00:00", "2027-01-01T00:00:00+01:00Z",
        "2027-01-01T00:00:0٠Z",
        // an instant whose year has no four digits in UTC could not be written back
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    /// Random instants of the years 0 to 9999, and the days around each leap day, as `gmtime_r(3)` prints them.
    @Test func textAgreesWithTheCLibrary() {
        var random = SeededGenerator(seed: 3339)
        var instants = (0..<20_000).map { _ in Int64.random(in: -62_167_219_200...253_402_300_799, using: &random) }
        for year in stride(from: 0, to: 9999, by: 4) {
            let march = -62_162_035_200 + Int64(year / 4) * 126_230_400
            instants += [march - 1, march, march + 1]
        }
        for seconds in instants {
            let timestamp = Timestamp(seconds: seconds)
            #expect(timestamp.description == Self.calendar(seconds))
            #expect(Timestamp(timestamp.description) == timestamp)
        }
    }

    private static func calendar(_ seconds: Int64) -> String? {
        var time = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&time, &parts) != nil else { return nil }
        let fields = unsafe [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec].map {
            ($0 < 10 ? "0" : "") + String($0)
        }
        let year = unsafe String(parts.tm_year + 1900)
        let padded = String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year
        return "\(padded)-\(fields[0])-\(fields[1])T\(fields[2]):\(fields[3]):\(fields[4])Z"
    }

    @Test func ordersByTime() {
        let early = Timestamp(seconds: -5)
        #expect(early < Timestamp(seconds: 0))
        #expect(early.advanced(bySeconds: 65).description == "1970-01-01T00:01:00Z")
    }
}
