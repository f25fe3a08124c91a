import Glibc
import Model
import Reconciler
import UnixSignals

/// The live table: it takes the terminal over, and gives it back however it ends.
struct TopScreen {
    let interval: Duration
    let style: TextStyle
    let look: @Sendable () async throws -> TopLook

    private enum Event: Sendable {
        case key(UInt8)
        case resized
        case ended
        case seen(Result<TopLook, any Error>)
    }

    /// Shows the table until somebody ends it.
    ///
    /// - Throws: what prevents a look.
    func run(_ first: TopLook, _ order: TopOrder) async throws {
        let (events, post) = AsyncStream.makeStream(of: Event.self)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigwinch)
        let screen = TerminalScreen()
        let keys = KeyInput(key: { post.yield(.key($0)) }, end: { post.yield(.ended) })
        let watch = Task {
            for await signal in signals { post.yield(signal == .sigwinch ? .resized : .ended) }
        }
        let looks = Task { [interval, look] in
            while true {
                try await Task.sleep(for: interval)
                let result: Result<TopLook, any Error>
                do { result = .success(try await look()) } catch { result = .failure(error) }
                post.yield(.seen(result))
            }
        }
        defer {
            watch.cancel()
            looks.cancel()
            keys?.restore()
            screen.leave()
        }
        try await show(events, on: screen, first, order)
    }

    private func show(
        _ events: AsyncStream<Event>, on screen: TerminalScreen, _ first: TopLook, _ order: TopOrder
    ) async throws {
        var (meter, order) = (TopMeter(), order)
        var table = meter.take(first)
        screen.show(lines(table, order))
        for await event in events {
            switch event {
            case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .ended: return
            case .key(UInt8(ascii: "s")), .key(UInt8(ascii: "S")): order = order.next
            case .key: continue
            case .resized: break
            case .seen(let result): table = meter.take(try result.get())
            }
            screen.show(lines(table, order))
        }
    }

    private func lines(_ table: TopTable, _ order: TopOrder) -> [String] {
        let rows = TerminalSize.current()?.rows ?? 24
        var lines = table.lines(order, rows: max(1, rows - 1), style: style)
        // At the bottom, where it stays.
        while lines.count < rows - 1 { lines.append("") }
        return lines + [style.paint("q quit, s sort (now by \(order.rawValue))", .faint)]
    }
}
