import Model

/// The private key of an existing interface changes because the desired state did: every device needs a new
/// configuration. A key that this host lost, or that somebody changed in the kernel, is no such change.
struct ReKeyRail: Rail {
    let name = "re-key"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        let found = context.identityChanges(changes, field: "private_key") { before, after in
            before.key != nil && before.key != after.key && (before.isDeclared || after.isDeclared)
        }
        let names = found.map { changes[$0].object.name }.joined(separator: ", ")
        return context.refusal(
            self, of: found, in: changes,
            "the private key of \(names) would change: every device needs its configuration anew")
    }
}
