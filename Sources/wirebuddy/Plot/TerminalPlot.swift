import Model
import Reconciler

/// A plot of block characters: a panel per direction over one axis of time. Both panels have the same scale.
struct TerminalPlot {
    private let plot: TrafficPlot
    private let width: Int
    private let style: TextStyle

    /// Rows of a panel; every axis that ``ByteAxis`` makes of three steps divides it.
    private static let rows = 6
    private static let blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// - Parameter width: the columns there are; at least 40 are used.
    init(_ plot: TrafficPlot, width: Int, style: TextStyle) {
        self.plot = plot
        self.width = max(40, width)
        self.style = style
    }

    /// The text, each line with its break.
    func render() -> String {
        guard !plot.isEmpty, let start = plot.start else { return "no traffic in this time\n" }
        let points = plot.history.points
        let grid = Grid(count: points.count, width: width - Self.gutter)
        let columns = grid.sums(points.map(\.bytes))
        let largest = columns.reduce(0) { max($0, $1.received, $1.sent) }
        let axis = ByteAxis(largest: largest, most: 3)
        let ticks = ticks(grid, from: start)
        let unit = TrafficPlot.unit(plot.history.resolution)
        let bar = grid.merged == 1 ? "per \(unit)" : "per \(grid.merged) \(unit)s"
        var lines = [style.paint("received", .good) + " \(bar)"]
        lines += panel(columns.map(\.received), grid, axis, largest, .good)
        lines += [baseline(grid, []), style.paint("sent", .adopt) + " \(bar)"]
        lines += panel(columns.map(\.sent), grid, axis, largest, .adopt)
        lines.append(baseline(grid, ticks.map(\.column)))
        lines.append(row(ticks.map { ($0.column, $0.tick.label) }))
        let contexts = contexts(ticks)
        if !contexts.isEmpty { lines.append(row(contexts)) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The columns left of the plot: `1023 MiB ┤`.
    private static let gutter = 10

    private func panel(
        _ amounts: [UInt64], _ grid: Grid, _ axis: ByteAxis, _ largest: UInt64, _ role: TextStyle.Role
    ) -> [String] {
        let steps = axis.steps(for: largest)
        let heights = amounts.map { amount in
            // Who moved anything is seen.
            let eighths = Double(amount) / (axis.step * Double(steps)) * Double(Self.rows * 8)
            return amount == 0 ? 0 : max(1, Int(eighths.rounded()))
        }
        return (0..<Self.rows).map { row in
            let below = (Self.rows - 1 - row) * 8
            var bars = ""
            for height in heights {
                let block = Self.blocks[min(8, max(0, height - below))]
                bars += String(repeating: block, count: grid.bar) + String(repeating: " ", count: grid.gap)
            }
            while bars.hasSuffix(" ") { bars.removeLast() }
            let isTick = (Self.rows - row) * steps % Self.rows == 0
            let label = isTick ? axis.label((Self.rows - row) * steps / Self.rows) : ""
            let frame = Self.padded(label) + (isTick ? " ┤" : " │")
            return bars.isEmpty ? frame : frame + style.paint(bars, role)
        }
    }

    private func baseline(_ grid: Grid, _ ticks: [Int]) -> String {
        let marks = Set(ticks)
        return Self.padded("0") + " └" + (0..<grid.width).map { marks.contains($0) ? "┬" : "─" }.joined()
    }

    /// The ticks and the columns of the bars they begin with.
    private func ticks(_ grid: Grid, from start: Timestamp) -> [(column: Int, tick: TimeAxis.Tick)] {
        let seconds = plot.history.resolution.seconds
        let end = start.advanced(bySeconds: Int64(plot.history.points.count) * seconds)
        // A label has up to six columns; two are left between them.
        let axis = TimeAxis(from: start, to: end, most: max(1, grid.width / 8), finest: seconds)
        return axis.ticks.map { (grid.column(of: Int(($0.time.seconds - start.seconds) / seconds)), $0) }
    }

    /// The contexts where they begin. One that has no room before the next gives way to it.
    private func contexts(_ ticks: [(column: Int, tick: TimeAxis.Tick)]) -> [(Int, String)] {
        var changes: [(Int, String)] = []
        var last = ""
        for (column, tick) in ticks where tick.context != last {
            changes.append((column, tick.context))
            last = tick.context
        }
        var kept: [(Int, String)] = []
        for change in changes.reversed() where kept.last.map({ change.0 + change.1.count < $0.0 }) ?? true {
            kept.append(change)
        }
        return kept.reversed()
    }

    /// Texts at their columns; what would reach into the one before or out of the plot moves left or is left out.
    private func row(_ texts: [(Int, String)]) -> String {
        var line = String(repeating: " ", count: Self.gutter)
        for (column, text) in texts {
            let place = min(Self.gutter + column, max(Self.gutter, width - text.count))
            guard line.count == Self.gutter || place > line.count else { continue }
            line += String(repeating: " ", count: place - line.count) + text
        }
        return line
    }

    private static func padded(_ label: String) -> String {
        String(repeating: " ", count: max(0, gutter - 2 - label.count)) + label
    }

    /// How buckets become columns.
    private struct Grid {
        /// How many buckets a bar stands for.
        let merged: Int
        /// The columns of a bar, and those between it and the next.
        let bar: Int
        let gap: Int
        /// All columns.
        let width: Int

        init(count: Int, width: Int) {
            merged = (count + width - 1) / width
            let bars = (count + merged - 1) / merged
            let room = min(6, width / bars)
            gap = room >= 3 ? 1 : 0
            bar = room - gap
            self.width = bars * room
        }

        func column(of bucket: Int) -> Int { bucket / merged * (bar + gap) }

        func sums(_ amounts: [TrafficBytes]) -> [TrafficBytes] {
            stride(from: 0, to: amounts.count, by: merged).map { start in
                amounts[start..<min(start + merged, amounts.count)].reduce(into: TrafficBytes()) { $0 += $1 }
            }
        }
    }
}
