/// All operations, in the order of the documentation. Each group stands in its own file.
public enum Operations {
    /// Every operation of the API.
    public static let all: [Operation] = [
        auth, passwords, tokens, interfaces, peers, dns, dnsPolicy, metrics, accessExplanation, access, forwards,
        approvals, users, settings, batch, reconciler, confirmation, revisions, revocations, events, hooks, documents,
        prometheus, health, readiness,
    ].flatMap(\.self)
}
