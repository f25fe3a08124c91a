import Model

extension RailContext {
    /// The unapproved changes by which an interface that was applied before would be known to its devices by something
    /// else, because the desired state says so.
    ///
    /// What was applied is what counts, not what the kernel shows: an interface that is gone since a reboot, or that is
    /// made anew with another backend, comes back as another one too.
    ///
    /// - Parameters:
    ///   - isKnown: whether a device of which nothing is remembered has what its peers can know it by: one that a pass
    ///     left unfinished, as its port was taken, has none.
    ///   - differs: whether that is so for what was applied and what is wanted.
    func identityChanges(
        _ changes: [Change], field: String, isKnown: (ObservedDevice) -> Bool = { _ in true },
        differs: (InterfaceIdentity, InterfaceIdentity) -> Bool
    ) -> [Int] {
        unapproved(changes) { change in
            guard change.object.kind == .interface, change.action == .update || change.action == .create,
                let wanted = input.desired.interfaces.first(where: { $0.name == change.object.name })?.parsedIdentity
            else { return false }
            let isWritten = change.fields.contains { $0.field == field && $0.after != nil }
            guard isWritten else { return false }
            if let applied = input.inventory.applied[change.object],
                let before = InterfaceIdentity(AppliedRecord(applied).endpoint)
            {
                return differs(before, wanted)
            }
            // Nothing is remembered of it: the database is another one, or of an older version. What the kernel has is
            // what devices know; a device without a key was made by a pass that came no further.
            guard change.action == .update, change.reason != .drift,
                let device = input.observed.devices[change.object.name]
            else { return false }
            return device.privateKey.map { !$0.isZero } ?? false && isKnown(device)
        }
    }
}
