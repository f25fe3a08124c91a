import Logging
import Model
import Synchronization

@testable import Database

/// A clock that a test sets.
final class HandClock: WallClock {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp) { self.time = Mutex(time) }

    func now() -> Timestamp { time.withLock { $0 } }

    func set(_ time: Timestamp) { self.time.withLock { $0 = time } }
}

/// Repeatable numbers (SplitMix64).
struct Choice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Rows as a gateway makes them.
enum LogSample {
    /// 2027-01-15T08:00:00Z, the beginning of an hour.
    static let start = Timestamp(seconds: 1_800_000_000)

    static func row(_ number: Int, at time: Timestamp = start, client: String? = nil) -> QueryLogRow {
        QueryLogRow(
            time: time, client: client ?? "wg\(number % 2)/device-\(number % 7)",
            address: IPAddress(v4: 0x0A08_0000 + UInt32(number % 7)), domain: "host\(number).example.com", type: 1,
            origin: .upstream, microseconds: UInt32(number % 5000))
    }

    /// Rows of random names, clients, outcomes and rules over `seconds`, in time order.
    static func rows(_ count: Int, names: Int = 500, clients: Int = 20, seconds: Int = 7200, seed: UInt64 = 1)
        -> [QueryLogRow]
    {
        var choice = Choice(state: seed)
        return (0..<count).map { number in
            // Small numbers are frequent, as with real names.
            let draw = Double.random(in: 0..<1, using: &choice)
            let name = Int(Double(names) * draw * draw * draw)
            let client = Int.random(in: 0..<clients, using: &choice)
            var row = QueryLogRow(
                time: start.advanced(bySeconds: Int64(number * seconds / count)),
                client: "wg\(client % 3)/peer-\(client)",
                address: client % 2 == 0
                    ? IPAddress(v4: 0x0A08_0000 + UInt32(client)) : IPAddress(v6: 0xFD00 << 48, UInt64(client)),
                domain: name == 0 ? "." : "n\(name).zone\(name % 13).example", type: name % 3 == 0 ? 28 : 65,
                origin: QueryLogRow.Origin.allCases.randomElement(using: &choice) ?? .cache,
                responseCode: UInt16.random(in: 0...5, using: &choice),
                microseconds: UInt32.random(in: 10...2_000_000, using: &choice))
            row.reason = QueryLogRow.Reason.allCases.randomElement(using: &choice) ?? .noRule
            if name % 5 == 0 {
                row.status = .blocked
                row.rule = "||zone\(name % 13).example^"
                row.source = "ads:\(name)"
                row.list = "ads"
            }
            if row.origin == .upstream { row.upstream = "9.9.9.9@853#dns.quad9.net" }
            return row
        }
    }
}

/// A query log in a directory.
struct OpenLog {
    let history: HistoryDatabase
    let log: QueryLog
    let clock: HandClock

    init(_ state: String, _ settings: DNSSettings.QueryLog = DNSSettings.QueryLog(), now: Timestamp = LogSample.start)
        throws
    {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        clock = HandClock(now)
        history = try HistoryDatabase.open(state: state, logger: logger)
        log = QueryLog(history, settings: settings, clock: clock, logger: logger)
    }

    func record(_ rows: [QueryLogRow]) { for row in rows { log.record(row) } }

    func page(limit: Int = 100, offset: Int = 0, _ change: (inout QueryLogFilter) -> Void = { _ in }) async throws
        -> QueryLogPage
    {
        var filter = QueryLogFilter()
        change(&filter)
        return try await log.page(filter, limit: limit, offset: offset)
    }

    /// All rows, the oldest first.
    func all() async throws -> [QueryLogRow] {
        try await page(limit: .max).entries.reversed().map(\.row)
    }
}

/// Waits for something that another task brings about.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
