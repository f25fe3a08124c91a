internal import Logging
internal import Model
internal import NIOCore
internal import Synchronization

/// How upstreams did lately: who failed is asked last for a short time, so that a dead one doesn't cost every query.
final class UpstreamHealth: Sendable {
    private struct Record {
        /// In a row.
        var failures = 0
        var coolUntil: NIODeadline?
        var lastAnswer: NIODeadline?
        /// A moving average of the time to an answer, in nanoseconds.
        var average: Double?

        mutating func learn(_ time: TimeAmount) {
            let time = Double(time.nanoseconds)
            average = average.map { $0 + (time - $0) * UpstreamHealth.weight } ?? time
        }
    }

    /// More are not remembered: it takes many revisions of the settings to get there.
    private static let mostRecords = 1000
    /// The weight of the newest time in the average.
    private static let weight = 0.2
    /// One query of so many that asks another upstream beside the fastest, to learn how fast that is by now.
    private static let exploration = 20

    private let records = Mutex<[DNSUpstream: Record]>([:])
    private let limits: UpstreamLimits
    private let logger: Logger

    init(limits: UpstreamLimits, logger: Logger) {
        self.limits = limits
        self.logger = logger
    }

    /// The upstreams in the order in which they are to be asked.
    func order(_ upstreams: [DNSUpstream], _ strategy: DNSSettings.Strategy, now: NIODeadline) -> [DNSUpstream] {
        guard upstreams.count > 1 else { return upstreams }
        let (usable, cooling): ([DNSUpstream], [DNSUpstream]) = records.withLock { records in
            let cools = upstreams.map { upstream in records[upstream]?.coolUntil.map { $0 > now } ?? false }
            var good = zip(upstreams, cools).filter { !$1 }.map(\.0)
            if strategy == .fastest {
                // One that was never asked comes first; equal ones stay in the order written.
                let speeds = good.map { records[$0]?.average ?? 0 }
                good = zip(good, speeds).enumerated().sorted {
                    ($0.element.1, $0.offset) < ($1.element.1, $1.offset)
                }.map(\.element.0)
            }
            return (good, zip(upstreams, cools).filter { $1 }.map(\.0))
        }
        var good = usable
        if strategy == .fastest, good.count > 2, Int.random(in: 0..<Self.exploration) == 0 {
            good.swapAt(1, Int.random(in: 2..<good.count))
        }
        return good + cooling
    }

    /// Notes an answer that took from `start` to `now`.
    func answered(_ upstream: DNSUpstream, from start: NIODeadline, to now: NIODeadline) {
        let failures = update(upstream) { record in
            defer { record.failures = 0 }
            record.coolUntil = nil
            record.lastAnswer = now
            record.learn(now - start)
            return record.failures
        }
        if failures > 0 { logger.notice("upstream answers again", metadata: ["upstream": "\(upstream)"]) }
    }

    /// Notes that another upstream was faster: this one would have taken at least so long.
    func outrun(_ upstream: DNSUpstream, from start: NIODeadline, to now: NIODeadline) {
        let time = now - start
        update(upstream) { record in
            if record.average.map({ $0 < Double(time.nanoseconds) }) ?? true { record.learn(time) }
        }
    }

    /// Notes that an attempt failed.
    func failed(_ upstream: DNSUpstream, _ failure: UpstreamFailure, now: NIODeadline) {
        let failures = update(upstream) { record in
            // Queries that were under way together fail together: that is one failure.
            if record.coolUntil.map({ $0 <= now }) ?? true {
                record.failures = min(record.failures + 1, 30)
                let factor = Int32(1) << Int32(min(record.failures - 1, 10))
                let time = min(limits.coolDown * factor, limits.longestCoolDown)
                record.coolUntil = now + TimeAmount(time)
                return record.failures
            }
            return 0
        }
        if failures == 1 {
            logger.warning(
                "upstream does not answer, it is asked last for a while",
                metadata: ["upstream": "\(upstream)", "error": "\(failure)"])
        }
    }

    /// Notes that an attempt from `start` on has no answer yet. That counts as a failure only if the upstream answered
    /// nothing else since: one slow name is not the upstream's fault.
    func silent(_ upstream: DNSUpstream, from start: NIODeadline, now: NIODeadline) {
        let isAlive = records.withLock { records in records[upstream]?.lastAnswer.map { $0 >= start } ?? false }
        if !isAlive { failed(upstream, .timedOut, now: now) }
    }

    @discardableResult
    private func update<Value: Sendable>(_ upstream: DNSUpstream, _ body: (inout Record) -> Value) -> Value {
        records.withLock { records in
            if records.count >= Self.mostRecords, records[upstream] == nil { records.removeAll() }
            return body(&records[upstream, default: Record()])
        }
    }
}
