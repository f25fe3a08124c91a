import Model

extension Catalog {
    /// The digests that the revision's own approvals consent to at an instant, as long as plans show them.
    func consents(at now: Timestamp) -> Set<String> {
        guard !approvals.isEmpty else { return [] }
        return Set(
            approvals.lazy.filter { now < $0.expires }.flatMap(\.digests).map { String($0.prefix(12)) })
    }
}
