/// The classes of outcomes, without their messages.
enum OutcomeClass: String, Hashable {
    case planned
    case done
    case failed
    case notTried = "not-tried"
    case held

    init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .planned: .planned
            case .done: .done
            case .failed: .failed
            case .notTried: .notTried
            case .held: .held
            }
    }
}

/// How many changes had which outcome.
struct OutcomeCounts: Hashable {
    var done = 0
    var failed = 0
    var notTried = 0
    var held = 0

    init(_ outcomes: some Sequence<Outcome>) {
        for outcome in outcomes {
            switch OutcomeClass(outcome) {
            case .planned: break
            case .done: done += 1
            case .failed: failed += 1
            case .notTried: notTried += 1
            case .held: held += 1
            }
        }
    }
}
