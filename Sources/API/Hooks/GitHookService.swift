/// What `POST /api/hooks/git` works with.
public protocol GitHookService: Sendable {
    /// The branch that the gateway follows.
    var branch: String { get }

    /// Whether a delivery comes from who knows the secret. Takes the same time wherever a wrong proof differs.
    func judge(_ delivery: GitHookDelivery) -> GitHookVerdict

    /// Has the remote looked at, or the repository where it has none. Returns at once.
    func lookNow()
}
