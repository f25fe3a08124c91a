import Model
import Reconciler
import ServiceLifecycle
import Synchronization
import Telemetry

/// Counts what the passes of this process did.
final class PassCounters: ServiceLifecycle.Service {
    private let reports: AsyncStream<PassReport>
    private let counted = Mutex(PassFigures())

    /// Counts these reports once it runs.
    init(_ reports: AsyncStream<PassReport>) {
        self.reports = reports
    }

    /// What was counted.
    var figures: PassFigures { counted.withLock { $0 } }

    /// Counts until the reports end, at graceful shutdown or cancellation.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await report in self.reports { self.counted.withLock { $0.count(report) } }
        }
    }
}

/// What passes did since this process began.
struct PassFigures: Sendable, Equatable {
    /// How a pass ended.
    enum Result: String, Sendable, Hashable, CaseIterable {
        /// The host is as desired, as far as the loop is to change it.
        case success
        /// Something could not be read, done or recorded.
        case failed
        /// The head is no revision that can be used; the last good one stays in force.
        case invalid
        /// A rail refused.
        case refused
        /// The loop is suspended: only revocations were done.
        case suspended
    }

    /// What caused a pass, and how it ended.
    struct Pass: Hashable {
        var trigger: String
        var result: Result
    }

    /// What became of a change.
    struct Change: Hashable {
        var kind: ObjectID.Kind
        var action: Reconciler.Change.Action
        var isDone: Bool
    }

    /// How many passes there were.
    private(set) var passes: [Pass: Int] = [:]
    /// How many changes were done, or failed.
    private(set) var changes: [Change: Int] = [:]
    /// How much drift was healed.
    private(set) var healed: [ObjectID.Kind: Int] = [:]
    /// How long passes took, in seconds.
    private(set) var durations = MetricHistogram(bounds: [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ])
    /// How many operations were performed on the host.
    private(set) var writes = 0
    /// When the last pass began that was a success, in seconds of the epoch; nil: none was.
    private(set) var lastSuccess: Int64?

    /// Counts a pass.
    mutating func count(_ report: PassReport) {
        guard !report.isPreview else { return }
        let result = Self.result(of: report)
        passes[Pass(trigger: report.trigger, result: result), default: 0] += 1
        if result == .success { lastSuccess = report.startedAt.seconds }
        let (seconds, attoseconds) = report.durations.total.components
        durations.observe(Double(seconds) + Double(attoseconds) * 1e-18)
        writes += report.writes
        let healing = report.healing.map { Array(zip($0.plan.changes, $0.outcomes)) } ?? []
        for (change, outcome) in report.results.map({ ($0.change, $0.outcome) }) + healing {
            switch outcome {
            case .done:
                changes[Change(kind: change.object.kind, action: change.action, isDone: true), default: 0] += 1
                if change.reason == .drift { healed[change.object.kind, default: 0] += 1 }
            case .failed:
                changes[Change(kind: change.object.kind, action: change.action, isDone: false), default: 0] += 1
            case .planned, .notTried, .held: continue
            }
        }
    }

    private static func result(of report: PassReport) -> Result {
        switch report.exitCode {
        case .success: report.suspension == nil ? .success : .suspended
        case .invalid: .invalid
        case .refused, .stale: .refused
        default: .failed
        }
    }
}
