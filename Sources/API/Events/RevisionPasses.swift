import Model
import Reconciler

/// What the last pass with changes did for each of the newest revisions, as long as the process lives.
struct RevisionPasses: Sendable {
    /// A pass.
    struct Pass: Sendable {
        /// The plan.
        var plan: JSONValue
        /// What became of its changes.
        var results: JSONValue
    }

    private var passes: [String: Pass] = [:]
    private var order: [String] = []

    /// How many revisions are kept.
    static let kept = 32
    /// A pass of more changes than this is not kept: the import of a whole gateway is no news.
    static let largest = 2000

    /// Takes a pass in.
    mutating func note(_ report: PassReport) {
        guard let id = report.revision?.id, report.plan.changes.count <= Self.largest else { return }
        if passes[id] == nil { order.append(id) } else if report.plan.changes.isEmpty { return }
        let document = PassJSON(report, exitCode: 0).apply
        guard let plan = document["plan"], let results = document["results"] else { return }
        passes[id] = Pass(plan: plan, results: results)
        if order.count > Self.kept { passes[order.removeFirst()] = nil }
    }

    subscript(revision: String) -> Pass? { passes[revision] }
}
