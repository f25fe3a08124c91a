import Model
import Testing

@Suite struct TimeOfDayTests {
    @Test func itIsWrittenWithTwoDigitsEach() {
        for text in ["00:00", "07:00", "23:59"] { #expect(TimeOfDay(text)?.description == text) }
        for text in ["", "7:00", "24:00", "12:60", "07:00 ", "07-00", "0700", "+7:00", "-1:00"] {
            #expect(TimeOfDay(text) == nil, "\(text)")
        }
        #expect(TimeOfDay(hour: 7) == TimeOfDay("07:00"))
    }

    @Test(arguments: [
        ("2026-11-29T07:00:00Z", "2026-11-29T07:00:00Z"), ("2026-11-29T06:59:59Z", "2026-11-28T07:00:00Z"),
        ("2026-11-29T23:00:00Z", "2026-11-29T07:00:00Z"), ("1969-12-31T06:00:00Z", "1969-12-30T07:00:00Z"),
    ])
    func theLastTimeItWasSo(_ now: String, _ last: String) throws {
        #expect(TimeOfDay(hour: 7).last(before: try #require(Timestamp(now))) == Timestamp(last))
    }
}
