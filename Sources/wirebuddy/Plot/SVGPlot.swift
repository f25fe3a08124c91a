import Model

/// A picture of traffic as SVG 1.1: what was received above a line, what was sent below it, on one scale.
struct SVGPlot {
    private let plot: TrafficPlot
    private let axis: ByteAxis
    /// Steps above and below the line.
    private let steps: (up: Int, down: Int)

    private static let size = (width: 960.0, height: 448.0)
    private static let frame = (left: 96.0, right: 936.0, top: 92.0, bottom: 384.0)
    private static let received = "#1f6fb4"
    private static let sent = "#d9701e"
    private static let ink = "#333333"
    private static let faint = "#6b6b6b"
    /// No bar is wider: a single bucket is a bar, not a wall.
    private static let widestBar = 48.0

    /// A picture of a plot.
    init(_ plot: TrafficPlot) {
        self.plot = plot
        let most = plot.history.points.reduce(into: TrafficBytes()) { most, point in
            most = TrafficBytes(
                received: max(most.received, point.bytes.received), sent: max(most.sent, point.bytes.sent))
        }
        axis = ByteAxis(largest: max(most.received, most.sent), most: 4)
        steps = (axis.steps(for: most.received), axis.steps(for: most.sent))
    }

    /// The document.
    func render() -> String {
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(Self.size.width))\""
                + " height=\"\(Int(Self.size.height))\" viewBox=\"0 0 \(Int(Self.size.width)) \(Int(Self.size.height))\""
                + " font-family=\"'DejaVu Sans', Verdana, Helvetica, Arial, sans-serif\" font-size=\"12\">",
            "<title>\(SVGText.escaped(plot.title))</title>",
            "<desc>\(SVGText.escaped(plot.subtitle))</desc>",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
        ]
        lines += heading()
        lines += lost()
        lines += amounts()
        lines += times()
        lines += bars()
        lines.append(line(Self.frame.left, zero, Self.frame.right, zero, Self.ink))
        if plot.isEmpty {
            let middle = (Self.frame.left + Self.frame.right) / 2
            lines.append(
                text("no traffic in this time", x: middle, y: zero - 14, fill: Self.faint, anchor: "middle", size: 14))
        }
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    // MARK: - Scales

    private var height: Double { (Self.frame.bottom - Self.frame.top) / Double(steps.up + steps.down) }

    /// Where zero is.
    private var zero: Double { Self.frame.top + height * Double(steps.up) }

    private func x(_ time: Timestamp) -> Double {
        guard let start = plot.start, let end = plot.end else { return Self.frame.left }
        let part = Double(time.seconds - start.seconds) / Double(end.seconds - start.seconds)
        return Self.frame.left + part * (Self.frame.right - Self.frame.left)
    }

    // MARK: - Parts

    private func heading() -> [String] {
        let totals = plot.history.totals
        let peaks = plot.peaks
        let legend = { (name: String, bytes: UInt64, peak: TrafficPlot.Peak?) in
            "\(name) \(TrafficUnits.text(bytes: bytes))"
                + (peak.map { ", \(plot.peakName) \(TrafficUnits.text(bitsPerSecond: $0.rate))" } ?? "")
        }
        let subtitle = plot.subtitle + (plot.loss.map { " (\($0))" } ?? "")
        return [
            text(Self.shortened(plot.title), x: 20, y: 28, fill: Self.ink, size: 16, weight: "bold"),
            text(subtitle, x: 20, y: 48, fill: Self.faint),
            "<rect x=\"20\" y=\"62\" width=\"12\" height=\"12\" fill=\"\(Self.received)\"/>",
            text(legend("received", totals.received, peaks.received), x: 38, y: 72.5, fill: Self.ink),
            "<rect x=\"480\" y=\"62\" width=\"12\" height=\"12\" fill=\"\(Self.sent)\"/>",
            text(legend("sent", totals.sent, peaks.sent), x: 498, y: 72.5, fill: Self.ink),
        ]
    }

    private func amounts() -> [String] {
        let lines = (-steps.down...steps.up).flatMap { index -> [String] in
            let y = zero - Double(index) * height
            return [
                line(Self.frame.left, y, Self.frame.right, y, "#e2e2e2"),
                // Where nothing moved there is nothing to read off.
                text(
                    index == 0 || !plot.isEmpty ? axis.label(abs(index)) : "", x: Self.frame.left - 8, y: y + 4,
                    fill: Self.ink, anchor: "end"),
            ]
        }
        return lines + [
            upright("received", y: (Self.frame.top + zero) / 2, fill: Self.received, room: zero - Self.frame.top),
            upright("sent", y: (zero + Self.frame.bottom) / 2, fill: Self.sent, room: Self.frame.bottom - zero),
        ]
    }

    private func times() -> [String] {
        guard let start = plot.start, let end = plot.end else { return [] }
        var lines: [String] = []
        var context = ""
        var contexts: [(x: Double, text: String)] = []
        // The end of the last bucket may be a round time, too.
        let axis = TimeAxis(
            from: start, to: end.advanced(bySeconds: 1), most: 13, finest: plot.history.resolution.seconds)
        for tick in axis.ticks {
            let x = x(tick.time)
            lines += [
                line(x, Self.frame.top, x, Self.frame.bottom + 6, "#e2e2e2"),
                text(tick.label, x: x, y: Self.frame.bottom + 20, fill: Self.ink, anchor: "middle"),
            ]
            if tick.context != context { contexts.append((x, tick.context)) }
            context = tick.context
        }
        // One that would run into the next gives way to it; a digit has about 7.6 units.
        for (index, place) in contexts.enumerated() where !place.text.isEmpty {
            if index + 1 < contexts.count {
                let next = contexts[index + 1]
                if next.x - place.x < Double(next.text.count + place.text.count) / 2 * 7.6 + 8 { continue }
            }
            lines.append(
                text(
                    place.text, x: min(place.x, Self.frame.right - 20), y: Self.frame.bottom + 37, fill: Self.faint,
                    anchor: "middle"))
        }
        lines.append(
            text("time in UTC", x: Self.frame.right, y: Self.size.height - 8, fill: Self.faint, anchor: "end", size: 11)
        )
        return lines
    }

    /// The time before the history.
    private func lost() -> [String] {
        guard let start = plot.start, let end = plot.end, plot.loss != nil else { return [] }
        let until = x(min(plot.history.keptFrom ?? end, end))
        return [rectangle(x(start), Self.frame.top, until - x(start), Self.frame.bottom - Self.frame.top, "#f3f0ea")]
    }

    private func bars() -> [String] {
        let up = bars { (zero - scaled($0.received), scaled($0.received)) }
        let down = bars { (zero, scaled($0.sent)) }
        return [(up, Self.received), (down, Self.sent)].filter { !$0.0.isEmpty }.map {
            "<path d=\"\($0.0)\" fill=\"\($0.1)\"/>"
        }
    }

    /// The bars of a direction as one path, so that neighbours show no seam.
    private func bars(_ bar: (TrafficBytes) -> (y: Double, height: Double)) -> String {
        plot.history.points.compactMap { point in
            let (y, height) = bar(point.bytes)
            guard height > 0 else { return nil }
            let left = x(point.time)
            let room = x(point.time.advanced(bySeconds: plot.history.resolution.seconds)) - left
            let width = min(Self.widestBar, room < 5 ? room : room * 0.84)
            let start = SVGText.number(left + (room - width) / 2)
            return "M\(start) \(SVGText.number(y))h\(SVGText.number(width))v\(SVGText.number(height))"
                + "h\(SVGText.number(-width))z"
        }.joined()
    }

    /// The height of an amount; who moved anything is seen.
    private func scaled(_ bytes: UInt64) -> Double {
        bytes == 0 ? 0 : max(1, Double(bytes) / axis.step * height)
    }

    // MARK: - Elements

    private func text(
        _ content: String, x: Double, y: Double, fill: String, anchor: String = "start", size: Int = 12,
        weight: String = "normal"
    ) -> String {
        "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" fill=\"\(fill)\" text-anchor=\"\(anchor)\""
            + " font-size=\"\(size)\" font-weight=\"\(weight)\">\(SVGText.escaped(content))</text>"
    }

    /// A word along the axis; none where it has no room.
    private func upright(_ content: String, y: Double, fill: String, room: Double) -> String {
        guard room >= 56 else { return "" }
        return "<text transform=\"translate(24 \(SVGText.number(y))) rotate(-90)\" fill=\"\(fill)\""
            + " text-anchor=\"middle\">\(content)</text>"
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: String) -> String {
        "<line x1=\"\(SVGText.number(x1))\" y1=\"\(SVGText.number(y1))\" x2=\"\(SVGText.number(x2))\""
            + " y2=\"\(SVGText.number(y2))\" stroke=\"\(stroke)\"/>"
    }

    private func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ fill: String) -> String {
        "<rect x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" width=\"\(SVGText.number(width))\""
            + " height=\"\(SVGText.number(height))\" fill=\"\(fill)\"/>"
    }

    /// A title on one line of the picture.
    private static func shortened(_ title: String) -> String {
        title.count <= 88 ? title : "\(title.prefix(87))…"
    }
}
