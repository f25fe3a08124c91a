/// When a change has to be confirmed, or else is undone.
public enum ConfirmPolicy: Sendable, Hashable {
    /// Within 120 s when somebody may be locked out by it, else not.
    case auto
    /// Always within this time; zero: never.
    case within(Duration)
}
