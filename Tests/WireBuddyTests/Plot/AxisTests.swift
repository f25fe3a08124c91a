import Model
import Testing

@testable import wirebuddy

@Suite("Axes of plots")
struct AxisTests {
    @Test(
        "bytes have ticks at round numbers of one unit",
        arguments: [
            (UInt64(0), 3, ["0", "1 B"]), (1, 3, ["0", "1 B"]), (3, 3, ["0", "1 B", "2 B", "3 B"]),
            (700, 3, ["0", "500 B", "1000 B"]), (1023, 3, ["0", "500 B", "1000 B", "1500 B"]),
            (1024, 3, ["0", "0.5 KiB", "1.0 KiB"]), (1500, 4, ["0", "0.5 KiB", "1.0 KiB", "1.5 KiB"]),
            (3 << 20, 3, ["0", "1 MiB", "2 MiB", "3 MiB"]), (1000 << 30, 4, ["0", "500 GiB", "1000 GiB"]),
            (.max, 4, ["0", "5 EiB", "10 EiB", "15 EiB", "20 EiB"]),
        ])
    func bytes(_ largest: UInt64, _ most: Int, _ labels: [String]) {
        let axis = ByteAxis(largest: largest, most: most)
        #expect((0...axis.steps(for: largest)).map(axis.label) == labels)
    }

    @Test("every axis shows its largest amount with at most as many steps, and of three in rows of six")
    func fits() {
        var amount: UInt64 = 1
        while amount < UInt64.max / 3 {
            for most in 1...6 {
                let axis = ByteAxis(largest: amount, most: most)
                let steps = axis.steps(for: amount)
                #expect(steps <= most && axis.step * Double(steps) >= Double(amount), "\(amount) in \(most)")
                #expect(most != 3 || 6 % steps == 0, "\(amount)")
            }
            amount = amount + amount / 3 + 1
        }
    }

    private func ticks(_ from: String, _ to: String, most: Int, finest: Int64 = 3600) throws -> [String] {
        TimeAxis(from: try PlotSamples.time(from), to: try PlotSamples.time(to), most: most, finest: finest).ticks.map {
            $0.context.isEmpty ? $0.label : "\($0.context) \($0.label)"
        }
    }

    @Test("times have ticks at round hours, days, Mondays, months and years")
    func times() throws {
        #expect(
            try ticks("2026-11-28T01:00:00Z", "2026-11-29T02:00:00Z", most: 5) == [
                "2026-11-28 06:00", "2026-11-28 12:00", "2026-11-28 18:00", "2026-11-29 00:00",
            ])
        #expect(
            try ticks("2026-11-28T00:00:00Z", "2026-12-01T00:00:00Z", most: 3) == [
                "2026 Nov 28", "2026 Nov 29", "2026 Nov 30",
            ])
        #expect(
            try ticks("2026-10-30T00:00:00Z", "2026-11-30T00:00:00Z", most: 8, finest: 86_400) == [
                "2026 Nov 2", "2026 Nov 9", "2026 Nov 16", "2026 Nov 23",
            ])
        #expect(
            try ticks("2025-11-15T00:00:00Z", "2026-11-15T00:00:00Z", most: 6, finest: 86_400) == [
                "2026 Jan", "2026 Mar", "2026 May", "2026 Jul", "2026 Sep", "2026 Nov",
            ])
        #expect(
            try ticks("2025-11-15T00:00:00Z", "2026-11-15T00:00:00Z", most: 12, finest: 86_400).count == 12)
        #expect(try ticks("2016-03-01T00:00:00Z", "2026-11-15T00:00:00Z", most: 4) == ["2020", "2025"])
        #expect(
            try ticks("1969-12-31T22:30:00Z", "1970-01-01T01:30:00Z", most: 4) == [
                "1969-12-31 23:00", "1970-01-01 00:00", "1970-01-01 01:00",
            ])
    }

    @Test("no tick lies inside of a bucket")
    func finest() throws {
        #expect(
            try ticks("2026-11-28T00:00:00Z", "2026-11-30T00:00:00Z", most: 20, finest: 86_400) == [
                "2026 Nov 28", "2026 Nov 29",
            ])
    }

    @Test(
        "amounts are said in binary units, rates in decimal ones",
        arguments: [
            (UInt64(0), "0 B", "0 bit/s"), (999, "999 B", "999 bit/s"), (1000, "1000 B", "1.0 kbit/s"),
            (1024, "1.0 KiB", "1.0 kbit/s"), (1_048_550, "1.0 MiB", "1.0 Mbit/s"),
            (999_950, "976.5 KiB", "1.0 Mbit/s"), (.max, "16.0 EiB", "18.4 Ebit/s"),
        ])
    func units(_ amount: UInt64, _ bytes: String, _ rate: String) {
        #expect(TrafficUnits.text(bytes: amount) == bytes)
        #expect(TrafficUnits.text(bitsPerSecond: amount) == rate)
    }
}
