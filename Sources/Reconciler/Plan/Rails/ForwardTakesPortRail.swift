import Model

/// A `Forward` takes the port of SSH or of our own API from what comes from outside the tunnels.
struct ForwardTakesPortRail: Rail {
    let name = "forward-takes-port"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        let taken = TakenPorts(context.input).taken.filter(\.locksOut)
        guard !taken.isEmpty else { return nil }
        let takers = Set(taken.map { ObjectID(.forward, $0.forward.name) })
        let forwards = context.unapproved(changes) { takers.contains($0.object) && $0.action != .delete }
        let ports = Set(taken.map(\.text)).sorted().joined(separator: "; ")
        return context.refusal(self, of: forwards, in: changes, "a Forward takes \(ports): you may be locked out")
    }
}
