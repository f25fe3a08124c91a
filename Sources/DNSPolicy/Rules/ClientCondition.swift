internal import Model

/// Whom a rule is limited to (`client:`, `$client`).
struct ClientCondition: Sendable, Hashable {
    /// Only these, if there are any.
    var included: Set<DNSClient> = []
    /// None of these.
    var excluded: Set<DNSClient> = []

    /// The same condition has the same text, in whatever order it was written.
    var canonicalText: String {
        (included.map { "\($0)" }.sorted() + excluded.map { "~\($0)" }.sorted()).joined(separator: "|")
    }

    /// Whether it is limited to some clients, so that it is a rule of these and not of everybody.
    var isPersonal: Bool { !included.isEmpty }

    func holds(for client: PolicyClient) -> Bool {
        if excluded.contains(where: client.isMeant) { return false }
        return included.isEmpty || included.contains(where: client.isMeant)
    }
}
