import Model

extension Plan {
    /// What no rollback brings back, one line each.
    public var irreversible: [String] {
        changes.compactMap { change in
            switch (change.object.kind, change.action) {
            case (_, .adopt): "\(change.object) is taken over: what it was before is not kept"
            case (.user, .delete): "the sessions and tokens of \(change.object) end"
            case (.peer, .delete) where change.reason == .drift:
                "\(change.object) is removed: no revision declares it"
            case (.interface, _) where change.reason == .keyRotation:
                "\(change.object) gets another private key: what is not in the repository of the old one is lost"
            default: nil
            }
        }
    }
}
