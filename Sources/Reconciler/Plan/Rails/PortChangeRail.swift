import Model

/// The listen port of an existing interface changes because the desired state did: devices dial the old one.
struct PortChangeRail: Rail {
    let name = "port-change"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        let found = context.identityChanges(changes, field: "listen_port", isKnown: { $0.listenPort != 0 }) {
            $0.port != $1.port
        }
        let names = found.map { changes[$0].object.name }.joined(separator: ", ")
        return context.refusal(
            self, of: found, in: changes,
            "the listen port of \(names) would change: devices dial the old one until they have a new configuration"
        )
    }
}
