import Database
import Glibc
import Logging
import Model

/// Writes a year of telemetry and reads it, for the figures of the benchmark:
///
///     TelemetryLoad DIRECTORY [PEERS] [ACTIVE] [DAYS]
///
/// 10,000 peers, 500 active, 365 days. The last 7 days, of which samples are kept, are sampled every 30 s; the days before
/// every 30 minutes, which makes the same rows by the hour and day. Each figure is a line.
@main
struct TelemetryLoad {
    private static let rawDays: Int64 = 7

    static func main() async throws {
        let words = CommandLine.arguments
        let numbers = words.dropFirst(2).map { Int($0) }
        guard (2...5).contains(words.count), !numbers.contains(nil) else {
            print("usage: TelemetryLoad DIRECTORY [PEERS] [ACTIVE] [DAYS]")
            exit(64)
        }
        let count = { (index: Int, other: Int) in index < numbers.count ? numbers[index] ?? other : other }
        try await load(
            words[1], YearSource(peers: count(0, 10_000), active: count(1, 500), interval: 30),
            days: Int64(max(8, count(2, 365))))
    }

    private static func load(_ state: String, _ start: YearSource, days: Int64) async throws {
        var source = start
        var database = try TelemetryDatabase.open(state: state, logger: Logger(label: "load"))
        let end = YearSource.start.advanced(bySeconds: days * 86_400)
        let rawStart = end.advanced(bySeconds: -rawDays * 86_400)
        try await database.record(source.first(at: YearSource.start))
        var (time, entries, samples) = (YearSource.start, 0, 0)
        var active: [Int] = []
        // What the recording alone took, and what the process had before.
        var (spent, cost, hourEnds) = (0.0, [Double](), [Double]())
        var before = 0
        while time < end {
            let isRaw = time >= rawStart
            if isRaw, before == 0 { before = resident() }
            let seconds: Int64 = isRaw ? source.interval : 1800
            let isHour = time.seconds % 3600 == 0
            if isHour { active = source.activePeers() }
            time = time.advanced(bySeconds: seconds)
            let sample = source.sample(at: time, seconds: seconds, active)
            let processor = clock()
            try await database.record(sample)
            let took = Double(clock() - processor) / Double(CLOCKS_PER_SEC)
            if isRaw {
                spent += took
                if time.seconds % 3600 == 0 { hourEnds.append(took) } else { cost.append(took) }
                samples += 1
                entries += sample.entries.count
            }
            if isHour { try await database.record(source.flows(at: time, active)) }
            if time.seconds % 86_400 == 0 { try await database.maintain(now: time) }
        }
        try await database.flush()
        try await database.maintain(now: end)
        say("samples of 7 days", Double(samples))
        say("entries of a sample", Double(entries) / Double(max(1, samples)))
        say("processor time of a sample, median (ms)", (cost.sorted()[cost.count / 2]) * 1e3)
        say("processor time of one that ends an hour (ms)", (hourEnds.sorted()[hourEnds.count / 2]) * 1e3)
        say("of a core at 30 s (%)", spent / Double(max(1, samples)) / 30 * 100)
        say("megabytes on the disk", Double(database.bytesOnDisk) / 1e6)
        say("resident megabytes grown in 7 days of samples", Double(resident() - before) / 1e6)
        say("resident megabytes", Double(resident()) / 1e6)
        try await ask(database, source, end)
        database = try TelemetryDatabase.open(state: state, logger: Logger(label: "load"))
        let began = ContinuousClock.now
        _ = try await database.baselines()
        say("first access after opening (ms)", milliseconds(ContinuousClock.now - began))
    }

    private static func ask(_ database: TelemetryDatabase, _ source: YearSource, _ end: Timestamp) async throws {
        let year = end.advanced(bySeconds: -365 * 86_400)
        let peer = source.peers[7]
        for (name, resolution, from) in [
            ("a year of one peer by week (ms)", TrafficResolution.weekly, year),
            ("a year of one peer by day (ms)", .daily, year),
            ("90 days of one peer by hour (ms)", .hourly, end.advanced(bySeconds: -90 * 86_400)),
        ] {
            try await time(name) { _ = try await database.traffic(of: peer, resolution, from: from, to: end) }
        }
        try await time("a day of all peers by hour (ms)") {
            _ = try await database.traffic(.hourly, from: end.advanced(bySeconds: -86_400), to: end)
        }
        try await time("what moved of late (ms)") { _ = database.recent(now: end.advanced(bySeconds: -1)) }
        try await time("a week of places of all peers (ms)") {
            _ = try await database.geography(of: nil, from: end.advanced(bySeconds: -7 * 86_400), to: end)
        }
        try await time("a year of places of one peer (ms)") {
            guard case .peer(let id) = peer else { return }
            _ = try await database.geography(of: [id], from: year, to: end)
        }
    }

    private static func time(_ what: String, rounds: Int = 5, _ body: () async throws -> Void) async throws {
        var times: [Double] = []
        for _ in 0..<rounds { times.append(milliseconds(try await ContinuousClock().measure(body))) }
        say(what, times.sorted()[rounds / 2])
    }

    private static func milliseconds(_ took: Duration) -> Double {
        Double(took.components.seconds) * 1e3 + Double(took.components.attoseconds) / 1e15
    }

    /// The resident memory in bytes, as the kernel tells.
    private static func resident() -> Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        let words = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: " ")
        return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func say(_ what: String, _ value: Double) {
        print("\(what): \((value * 100).rounded() / 100)")
        fflush(nil)
    }
}
