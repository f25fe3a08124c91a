/// An interface left the configuration and would be deleted, with the sessions of all its peers.
struct InterfaceRemovalRail: Rail {
    let name = "interface-removal"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        let removals = context.unapproved(changes) {
            $0.object.kind == .interface && $0.action == .delete && $0.reason == .prune
        }
        let names = removals.map { changes[$0].object.name }.joined(separator: ", ")
        return context.refusal(self, of: removals, in: changes, "\(names) left the configuration and would be deleted")
    }
}
