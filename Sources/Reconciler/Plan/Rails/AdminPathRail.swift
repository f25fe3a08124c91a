/// A change cuts the path of somebody who administers the host right now.
struct AdminPathRail: Rail {
    let name = "admin-path"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        context.refusal(self, of: context.cuts.connections, in: changes) {
            "\($0), and would be cut: you may be locked out"
        }
    }
}

extension RailContext {
    /// The refusal of changes that cut paths.
    func refusal(
        _ rail: any Rail, of cuts: PathCuts.Cuts, in changes: [Change], _ message: (String) -> String
    ) -> RailRefusal? {
        guard !cuts.isEmpty else { return nil }
        let indices = cuts.keys.sorted().filter { !consents.contains(changes[$0].digest) }
        let paths = Set(indices.flatMap { cuts[$0] ?? [] }).sorted()
        let more = paths.count > 3 ? " (and \(paths.count - 3) more)" : ""
        return refusal(rail, of: indices, in: changes, message(paths.prefix(3).joined(separator: "; ") + more))
    }
}
