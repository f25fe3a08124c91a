import Model

/// What rails judge changes by.
struct RailContext: Sendable {
    /// What the plan follows from.
    let input: PlanInput
    /// What names a group of changes.
    let digest: any Digest
    /// Digests of changes and of groups that were consented to.
    let consents: Set<String>
    /// Those of them that somebody gave apart from the revision.
    let spokenConsents: Set<String>
    /// The changes that cut watched paths.
    let cuts: PathCuts

    init(input: PlanInput, digest: any Digest, cuts: PathCuts) {
        self.input = input
        self.digest = digest
        self.cuts = cuts
        spokenConsents = input.approvals.union(input.inventory.approvals)
        consents = spokenConsents.union(input.documented)
    }

    /// The indices of the changes that nobody consented to and that the rail is about.
    func unapproved(_ changes: [Change], where isMeant: (Change) -> Bool) -> [Int] {
        changes.indices.filter { isMeant(changes[$0]) && !consents.contains(changes[$0].digest) }
    }

    /// The refusal of a group of changes; nil when there are none, or when exactly this group was consented to.
    func refusal(_ rail: any Rail, of indices: [Int], in changes: [Change], _ message: String) -> RailRefusal? {
        guard !indices.isEmpty else { return nil }
        var form = CanonicalForm()
        form.append(rail.name)
        for digest in indices.map({ changes[$0].digest }).sorted() { form.append(digest) }
        let name = digest.digest(form.bytes).short
        guard !consents.contains(name) else { return nil }
        return RailRefusal(rail: rail.name, message: message, digest: name, changes: indices)
    }
}
