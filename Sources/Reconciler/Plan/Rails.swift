import Model

/// Limits that a plan must not cross without consent. Revocations pass all of them.
struct Rails {
    let input: PlanInput
    let digest: any Digest

    /// Kinds with fewer objects than this are exempt from the limits by number and share.
    static let smallKind = 10

    /// The refusals of a plan with these changes; none when nothing needs consent or all of it was given.
    func refusals(of changes: [Change]) -> [RailRefusal] {
        var refusals: [RailRefusal] = []
        let consents = input.approvals.union(input.inventory.approvals)
        let unapproved = { (indices: [Int]) in indices.filter { !consents.contains(changes[$0].digest) } }
        let refuse = { (rail: String, indices: [Int], message: String) -> RailRefusal? in
            let digest = groupDigest(rail, indices.map { changes[$0].digest })
            guard !indices.isEmpty, !consents.contains(digest) else { return nil }
            return RailRefusal(rail: rail, message: message, digest: digest, changes: indices)
        }

        let removals = unapproved(
            changes.indices.filter {
                changes[$0].object.kind == .interface && changes[$0].action == .delete && changes[$0].reason == .prune
            })
        let names = removals.map { changes[$0].object.name }.joined(separator: ", ")
        if let refusal = refuse("interface-removal", removals, "\(names) left the configuration and would be deleted") {
            refusals.append(refusal)
        }

        let deletes = unapproved(
            changes.indices.filter {
                changes[$0].object.kind == .peer && changes[$0].action == .delete && changes[$0].reason == .prune
            })
        guard !deletes.isEmpty else { return refusals }
        let before = input.inventory.applied.keys.lazy.filter { $0.kind == .peer }.count
        let declared = input.desired.interfaces.reduce(0) { $0 + $1.peers.count } + input.desired.revoked.count
        if declared == 0 {
            let message = "all \(deletes.count) peers left the configuration and would be removed"
            if let refusal = refuse("empty-kind", deletes, message) { refusals.append(refusal) }
        } else if before >= Self.smallKind,
            deletes.count > input.limits.maxDeletes || deletes.count * 100 > before * input.limits.maxDeletesPercent
        {
            let message =
                "\(deletes.count) of \(before) peers left the configuration and would be removed; the limits are \(input.limits.maxDeletes) and \(input.limits.maxDeletesPercent) %"
            if let refusal = refuse("max-deletes", deletes, message) { refusals.append(refusal) }
        }
        return refusals
    }

    /// The digest that names exactly this set of changes.
    private func groupDigest(_ rail: String, _ digests: [String]) -> String {
        var form = CanonicalForm()
        form.append(rail)
        for digest in digests.sorted() { form.append(digest) }
        return digest.digest(form.bytes).short
    }
}
