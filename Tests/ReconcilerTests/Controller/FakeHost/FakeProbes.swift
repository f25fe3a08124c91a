import Model
import Synchronization

@testable import Reconciler

/// Answers probes as a test says, and counts them.
final class FakeProbes: ProbeRunner {
    struct State {
        /// Why a target does not answer; others do.
        var failures: [String: String] = [:]
        var runs: [String: Int] = [:]
        /// The operations on the host when a target was asked for the first time.
        var firstRun: [String: Int] = [:]
    }

    let state = Mutex(State())
    private let host: FakeBackend

    init(_ host: FakeBackend) { self.host = host }

    /// Lets a target fail, or answer again.
    func set(_ target: String, _ failure: String?) { state.withLock { $0.failures[target] = failure } }

    func runs(of target: String) -> Int { state.withLock { $0.runs[target, default: 0] } }

    func failure(of probe: Settings.Probe) async -> String? {
        let operations = host.operationCount
        return state.withLock { state in
            state.runs[probe.target, default: 0] += 1
            if state.firstRun[probe.target] == nil { state.firstRun[probe.target] = operations }
            return state.failures[probe.target]
        }
    }
}
