/// What `POST /api/hooks/git` works with.
public protocol GitHookService: Sendable {
    /// The branch that the gateway follows.
    var branch: String { get }

    /// Whether a delivery comes from who knows the secret. Takes the same time wherever a wrong proof differs.
    func judge(_ delivery: GitHookDelivery) -> GitHookVerdict

    /// Has the remote looked at, or the repository where it has none. Returns at once.
    func lookNow()
}

/// A delivery of a forge: what it proves itself by.
public struct GitHookDelivery: Sendable {
    /// The body as it came.
    public var body: [UInt8]
    /// `X-Hub-Signature-256`: `sha256=` and the HMAC of the body in hexadecimal (GitHub, Forgejo, Gitea).
    public var hubSignature: String?
    /// `X-Gitea-Signature`: the HMAC of the body in hexadecimal.
    public var giteaSignature: String?
    /// `X-Gitlab-Token`: the secret itself.
    public var gitLabToken: String?

    /// A delivery without proof.
    public init(body: [UInt8]) {
        self.body = body
    }
}

/// What became of the proof of a delivery.
public enum GitHookVerdict: Sendable, Hashable {
    /// There is no secret, so nobody is answered.
    case absent
    /// No proof, or a wrong one.
    case refused
    /// It knows the secret.
    case accepted
}
