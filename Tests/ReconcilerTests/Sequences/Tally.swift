import Synchronization

/// How often each kind of step occurred in all sequences.
final class Tally: Sendable {
    private struct State {
        var sequences = 0
        var cases = 0
        var steps: [Verb: Int] = [:]
    }

    private let state = Mutex(State())

    func count(_ sequence: StepSequence) {
        state.withLock { state in
            state.sequences += 1
            for step in sequence.steps { state.steps[step.verb, default: 0] += 1 }
        }
    }

    /// The text about all of them, when this was the last of the test cases.
    func finishCase(of cases: Int, full: Int) -> String? {
        state.withLock { state in
            state.cases += 1
            guard state.cases == cases else { return nil }
            let steps = Verb.allCases.map { "\($0.rawValue) \(state.steps[$0] ?? 0)" }
            return "sequences: \(state.sequences) of \(full); steps: \(steps.joined(separator: ", "))"
        }
    }
}
