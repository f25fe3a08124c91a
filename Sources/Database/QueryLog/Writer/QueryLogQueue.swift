import Model
import Synchronization

/// Rows between the event loops and the writer. It is short and never waits: a row that finds it full is dropped and
/// counted. Two arrays of a fixed size change places, so that an event loop never pays for memory.
final class QueryLogQueue: Sendable {
    /// How many rows it takes.
    static let capacity = 65_536
    /// The writer is called when there are this many.
    static let wakeCount = QuerySegment.fullRows

    private struct State {
        var rows: [LoggedQuery]
        var level: DNSSettings.QueryLog.Level
        var recorded = 0
        var dropped = 0
        var written = 0
    }

    private let state: Mutex<State>

    init(level: DNSSettings.QueryLog.Level) {
        var rows: [LoggedQuery] = []
        rows.reserveCapacity(Self.capacity)
        state = Mutex(State(rows: rows, level: level))
    }

    /// What became of the rows; without the bytes.
    var counters: QueryLogCounters {
        state.withLock { state in
            var counters = QueryLogCounters()
            counters.recorded = state.recorded
            counters.dropped = state.dropped
            counters.written = state.written
            return counters
        }
    }

    /// Whether the writer has more to do than usual.
    var isFilling: Bool { state.withLock { $0.rows.count >= Self.wakeCount } }

    func setLevel(_ level: DNSSettings.QueryLog.Level) { state.withLock { $0.level = level } }

    /// Takes a row.
    ///
    /// - Returns: Whether the writer is to be called.
    func append(_ row: LoggedQuery) -> Bool {
        state.withLock { state in
            guard state.level != .off else { return false }
            state.recorded += 1
            guard state.rows.count < Self.capacity else {
                state.dropped += 1
                return false
            }
            var row = row
            row.isAnonymous = state.level == .anonymous
            state.rows.append(row)
            return state.rows.count == Self.wakeCount
        }
    }

    /// Hands out what is queued, and goes on with the memory of `spare`, which is emptied.
    func take(_ spare: inout [LoggedQuery]) {
        // What it held, and memory that a burst needed, is released before the lock is taken.
        spare.removeAll(keepingCapacity: spare.count <= Self.capacity / 4)
        spare.reserveCapacity(Self.capacity)
        state.withLock { swap(&$0.rows, &spare) }
    }

    /// Lets go of what is queued.
    ///
    /// - Returns: How many rows that were.
    func clear() -> Int {
        var rows: [LoggedQuery] = []
        take(&rows)
        return rows.count
    }

    /// Counts rows that were taken and are written.
    func addWritten(_ count: Int) { state.withLock { $0.written += count } }

    /// Counts rows that were taken and could not be written.
    func addDropped(_ count: Int) { state.withLock { $0.dropped += count } }
}
