import Foundation
import Model
import Reconciler
import Testing

@testable import wirebuddy

@Suite("Plots in the terminal")
struct TerminalPlotTests {
    private func text(_ plot: TrafficPlot, width: Int = 80) -> String {
        TerminalPlot(plot, width: width, style: .plain).render()
    }

    /// The text in `Goldens`, looked at by a person.
    private func golden(_ name: String) throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens/\(name).txt")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    @Test("nothing moved")
    func empty() throws {
        #expect(
            text(try PlotSamples.plot(24, .hourly, from: "2026-11-22T00:00:00Z") { _ in 0 })
                == "no traffic in this time\n")
        #expect(
            text(try PlotSamples.plot(0, .hourly, from: "2026-11-22T00:00:00Z") { _ in 0 })
                == "no traffic in this time\n")
    }

    @Test("one point is a bar with its scale and its time")
    func onePoint() throws {
        let plot = try PlotSamples.plot(1, .hourly, from: "2026-11-22T05:00:00Z") { _ in 700 }
        #expect(text(plot) == (try golden("one-point")))
    }

    @Test("a week of hours")
    func week() throws {
        #expect(text(try PlotSamples.week()) == (try golden("week")))
    }

    @Test("a year of weeks")
    func year() throws {
        #expect(text(try PlotSamples.year()) == (try golden("year")))
    }

    @Test("a little beside a lot is seen")
    func little() throws {
        let plot = try PlotSamples.plot(2, .daily, from: "2026-11-22T00:00:00Z") { $0 == 0 ? 1 : 1 << 40 }
        #expect(text(plot).contains("│▁"))
    }

    @Test("no line is wider than the terminal", arguments: [40, 41, 57, 80, 81, 200])
    func width(_ width: Int) throws {
        for count in [1, 2, 24, 31, 53, 168, 366, 8760] {
            let plot = try PlotSamples.plot(count, .hourly, from: "2026-11-22T07:00:00Z") { UInt64($0) << 20 }
            for line in text(plot, width: width).split(separator: "\n") {
                #expect(line.count <= width, "\(count) points: \(line)")
            }
        }
    }

    @Test("bars are coloured on a terminal only")
    func colours() throws {
        let plot = try PlotSamples.week()
        #expect(!text(plot).contains("\u{1B}"))
        #expect(TerminalPlot(plot, width: 80, style: .ansi).render().contains("\u{1B}[32m"))
    }
}
