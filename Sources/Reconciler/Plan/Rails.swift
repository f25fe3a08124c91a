import Model

/// Limits that a plan must not cross without consent. Revocations pass all of them.
///
/// Peers and users are counted: who is removed is locked out. DNS rules and lists are not: what a rule says is its
/// identity, so every edit of one would count as a deletion, nobody loses access by it, and a revert brings it back.
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

        let taken = TakenPorts(input).taken.filter(\.locksOut)
        let takers = Set(taken.map { ObjectID(.forward, $0.forward.name) })
        let forwards = unapproved(
            changes.indices.filter { takers.contains(changes[$0].object) && changes[$0].action != .delete })
        let ports = Set(taken.map(\.text)).sorted().joined(separator: "; ")
        if let refusal = refuse("forward-takes-port", forwards, "a Forward takes \(ports): you may be locked out") {
            refusals.append(refusal)
        }

        let peers = input.desired.interfaces.reduce(0) { $0 + $1.peers.count } + input.desired.revoked.count
        for (kind, declared) in [(ObjectID.Kind.peer, peers), (.user, input.desired.projections?.users.count ?? 0)] {
            let deletes = unapproved(
                changes.indices.filter {
                    changes[$0].object.kind == kind && changes[$0].action == .delete && changes[$0].reason == .prune
                })
            guard !deletes.isEmpty, let (rail, message) = limit(kind, deletes.count, declared: declared) else {
                continue
            }
            if let refusal = refuse(rail, deletes, message) { refusals.append(refusal) }
        }
        return refusals
    }

    /// The rail that so many deletes of a kind run into, and what it says.
    private func limit(_ kind: ObjectID.Kind, _ deletes: Int, declared: Int) -> (rail: String, message: String)? {
        if declared == 0 {
            let message = "all \(deletes) \(kind.noun(2)) left the configuration and would be removed"
            return ("empty-kind", message)
        }
        let before = input.inventory.applied.keys.lazy.filter { $0.kind == kind }.count
        let (number, percent) = (input.limits.maxDeletes, input.limits.maxDeletesPercent)
        guard before >= Self.smallKind, deletes > number || deletes * 100 > before * percent else { return nil }
        return (
            "max-deletes",
            "\(deletes) of \(before) \(kind.noun(2)) left the configuration and would be removed;"
                + " the limits are \(number) and \(percent) %"
        )
    }

    /// The digest that names exactly this set of changes.
    private func groupDigest(_ rail: String, _ digests: [String]) -> String {
        var form = CanonicalForm()
        form.append(rail)
        for digest in digests.sorted() { form.append(digest) }
        return digest.digest(form.bytes).short
    }
}
