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
