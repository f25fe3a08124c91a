import Database
import Glibc
import Logging
import Model

/// Writes to a query log as fast as it goes and reads it, for the figures of the benchmark:
///
///     QueryLogLoad DIRECTORY [ROWS] [MEGABYTES]
///
/// Rows (10,000,000) are of 30 days, their names of a Zipf distribution over 100,000, from 200 clients. Then so many
/// again go into a second log of at most so many megabytes (100). Each figure is a line.
@main
struct QueryLogLoad {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count >= 2, let rows = words.count > 2 ? Int(words[2]) : 10_000_000,
            let megabytes = words.count > 3 ? Int64(words[3]) : 100
        else {
            print("usage: QueryLogLoad DIRECTORY [ROWS] [MEGABYTES]")
            exit(64)
        }
        let source = RowSource(count: 1_000_000)
        try await fill(words[1] + "/full", source, rows)
        try await bound(words[1] + "/bounded", source, rows, megabytes * 1_000_000)
    }

    private struct Clock: WallClock {
        func now() -> Timestamp { RowSource.start.advanced(bySeconds: RowSource.seconds) }
    }

    private static func fill(_ state: String, _ source: RowSource, _ rows: Int) async throws {
        let history = try HistoryDatabase.open(state: state, logger: Logger(label: "load"))
        var settings = DNSSettings.QueryLog()
        settings.maxSize = 100_000_000_000
        let log = QueryLog(history, settings: settings, clock: Clock(), logger: Logger(label: "load"))
        let writer = Task { await log.run() }
        let (took, processor) = await push(source, rows, into: log)
        say("rows a second", Double(rows) / took)
        say("processor time a row, recording included (us)", processor / Double(rows) * 1e6)
        writer.cancel()
        await writer.value
        say("rows dropped", Double(log.counters.dropped))
        say("bytes a row", Double(log.counters.bytes) / Double(rows))
        let (from, to) = (RowSource.start, Clock().now())
        try await time("statistics of 30 days (ms)") { _ = try await log.statistics(from: from, to: to) }
        let filters: [(String, (inout QueryLogFilter) -> Void)] = [
            ("newest 100 (ms)", { _ in }),
            ("100 of a client (ms)", { $0.client = "wg0/device-17" }),
            ("100 of a frequent name (ms)", { $0.domain = source.names[3] }),
            ("100 of a rare name (ms)", { $0.domain = source.names[99_990] }),
            ("100 of a name that is not there (ms)", { $0.domain = "nowhere.example" }),
            (
                "100 blocked of a rare name and a client (ms)",
                {
                    $0.domain = source.names[70_000]
                    $0.client = "device-17"
                    $0.status = .blocked
                }
            ),
        ]
        for (name, change) in filters {
            var filter = QueryLogFilter()
            change(&filter)
            try await time("page: \(name)") { [filter] in _ = try await log.page(filter, limit: 100, offset: 0) }
        }
        try await time("deleting everything (ms)", rounds: 1) { try await log.deleteAll() }
    }

    private static func bound(_ state: String, _ source: RowSource, _ rows: Int, _ limit: Int64) async throws {
        let history = try HistoryDatabase.open(state: state, logger: Logger(label: "load"))
        var settings = DNSSettings.QueryLog()
        settings.maxSize = limit
        let log = QueryLog(history, settings: settings, clock: Clock(), logger: Logger(label: "load"))
        let writer = Task { await log.run() }
        var most: Int64 = 0
        let (took, _) = await push(source, rows, into: log) { most = max(most, history.bytesOnDisk) }
        writer.cancel()
        await writer.value
        say("rows a second, bounded", Double(rows) / took)
        say("most above the limit (%)", (Double(most) / Double(limit) - 1) * 100)
        say("at the end (% of the limit)", Double(history.bytesOnDisk) / Double(limit) * 100)
    }

    /// Records as fast as the writer goes; the seconds until all is written, and those of the processors.
    private static func push(_ source: RowSource, _ rows: Int, into log: QueryLog, look: () -> Void = {}) async
        -> (took: Double, processor: Double)
    {
        let (start, processor) = (ContinuousClock.now, clock())
        var recorded = 0
        while recorded < rows {
            while recorded - log.counters.written < 32_768, recorded < rows {
                for _ in 0..<1024 where recorded < rows {
                    log.record(source.row(recorded, of: rows))
                    recorded += 1
                }
            }
            look()
            usleep(500)
        }
        while log.counters.written < rows { usleep(1000) }
        look()
        let took = ContinuousClock.now - start
        return (
            Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18,
            Double(clock() - processor) / Double(CLOCKS_PER_SEC)
        )
    }

    private static func time(_ what: String, rounds: Int = 5, _ body: () async throws -> Void) async throws {
        var times: [Double] = []
        for _ in 0..<rounds {
            let took = try await ContinuousClock().measure(body)
            times.append(Double(took.components.seconds) * 1e3 + Double(took.components.attoseconds) / 1e15)
        }
        say(what, times.sorted()[rounds / 2])
    }

    private static func say(_ what: String, _ value: Double) {
        print("\(what): \((value * 100).rounded() / 100)")
        fflush(nil)
    }
}
