/// What became of the proof of a delivery.
public enum GitHookVerdict: Sendable, Hashable {
    /// There is no secret, so nobody is answered.
    case absent
    /// No proof, or a wrong one.
    case refused
    /// It knows the secret.
    case accepted
}
