import Foundation
import FoundationXML
import Model
import Testing

@testable import wirebuddy

@Suite("Plots as SVG")
struct SVGPlotTests {
    /// The document as a parser of XML sees it.
    private final class Drawing: NSObject, XMLParserDelegate {
        private(set) var texts: [String: [String]] = [:]
        private(set) var elements: [(name: String, attributes: [String: String])] = []
        private var open: [(name: String, text: String)] = []

        init(_ svg: String) throws {
            super.init()
            let parser = XMLParser(data: Data(svg.utf8))
            parser.delegate = self
            #expect(parser.parse(), "\(String(describing: parser.parserError))")
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements.append((name, attributes))
            open.append((name, ""))
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if !open.isEmpty { open[open.count - 1].text += text }
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            if let element = open.popLast() { texts[element.name, default: []].append(element.text) }
        }

        /// The paths of the bars.
        var bars: [String] { elements.filter { $0.name == "path" }.compactMap { $0.attributes["d"] } }
    }

    private func drawing(_ plot: TrafficPlot) throws -> Drawing { try Drawing(SVGPlot(plot).render()) }

    @Test("title, units, totals, times and a bar for each bucket and direction")
    func parts() throws {
        let drawing = try drawing(try PlotSamples.year())
        let texts = try #require(drawing.texts["text"])
        for text in [
            "Traffic of peer wg0/phone", "encrypted bytes per week, 2025-11-24 00:00 to 2026-11-30 00:00 UTC",
            "received 312.0 GiB, peak 128.8 Mbit/s", "sent 624.0 GiB, peak 257.7 Mbit/s", "0", "10 GiB", "20 GiB",
            "30 GiB", "Dec", "Jan", "2026", "time in UTC", "received", "sent",
        ] {
            #expect(texts.contains(text), "\(text) is not in \(texts)")
        }
        // In 5 of the 53 weeks nothing moved.
        #expect(drawing.bars.map { $0.split(separator: "M").count } == [48, 48])
    }

    @Test("names are text, whatever they hold")
    func names() throws {
        let title = "peer wg0/<b>&\"'\u{1}]]>\u{FFFF}"
        let drawing = try drawing(
            try PlotSamples.plot(1, .daily, from: "2026-11-22T00:00:00Z", title: title) { _ in 1 })
        #expect(drawing.texts["title"] == ["peer wg0/<b>&\"'\\u{1}]]>\u{FFFD}"])
        #expect(drawing.texts["b"] == nil)
    }

    @Test("a long name leaves the picture its size")
    func longName() throws {
        let title = String(repeating: "W", count: 300)
        let plot = try PlotSamples.plot(1, .daily, from: "2026-11-22T00:00:00Z", title: title) { _ in 1 }
        let longest = try drawing(plot).texts["text"]?.map(\.count).max()
        #expect(try #require(longest) < 100)
    }

    @Test("nothing moved: it is said, and there are axes")
    func empty() throws {
        for count in [0, 24] {
            let drawing = try drawing(try PlotSamples.plot(count, .hourly, from: "2026-11-22T00:00:00Z") { _ in 0 })
            #expect(drawing.bars.isEmpty)
            let texts = try #require(drawing.texts["text"])
            #expect(texts.contains("no traffic in this time"))
            #expect(texts.contains("06:00") == (count > 0))
            #expect(!texts.contains("1 B"))
        }
    }

    @Test("one byte in a year is at least a pixel high and two wide")
    func visible() throws {
        let plot = try PlotSamples.plot(366, .daily, from: "2025-11-22T00:00:00Z") {
            $0 == 0 ? 1 : $0 == 99 ? 1 << 40 : 0
        }
        let bars = try drawing(plot).bars
        #expect(bars.count == 2)
        let first = try #require(bars.first?.split(separator: "z").first)
        let sizes = try #require(first.firstMatch(of: /h([0-9.]+)v([0-9.]+)h/))
        #expect(try #require(Double(sizes.1)) >= 2 && (try #require(Double(sizes.2))) >= 1)
    }

    @Test("what is kept no longer is said and marked")
    func lost() throws {
        let whole = try PlotSamples.week()
        var history = whole.history
        history.keptFrom = try PlotSamples.time("2026-11-24T00:00:00Z")
        let plot = TrafficPlot(title: "t", counted: "inner", history: history)
        #expect(plot.loss == "kept since 2026-11-24 00:00 UTC")
        let marked = try drawing(plot).elements.count { $0.name == "rect" }
        #expect(try drawing(whole).elements.count { $0.name == "rect" } == marked - 1)
        history.keptFrom = nil
        #expect(TrafficPlot(title: "t", counted: "inner", history: history).loss == "nothing is kept by hour")
    }

    @Test("labels of the time axis have room", arguments: [1, 5, 24, 25, 31, 100, 168, 366, 8760])
    func room(_ count: Int) throws {
        for resolution in TrafficResolution.allCases {
            let plot = try PlotSamples.plot(count, resolution, from: "2025-11-24T00:00:00Z") { _ in 1 }
            let drawing = try drawing(plot)
            // Gridlines of times are upright.
            let lines = drawing.elements.filter {
                $0.name == "line" && $0.attributes["x1"] == $0.attributes["x2"]
            }.compactMap { $0.attributes["x1"].flatMap(Double.init) }
            #expect(!lines.isEmpty)
            for (left, right) in zip(lines, lines.dropFirst()) { #expect(right - left > 50) }
        }
    }
}
