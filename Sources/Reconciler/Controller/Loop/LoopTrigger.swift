/// What makes the loop look again. It only says that, never what changed.
public enum LoopTrigger: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// Time went by.
    case interval
    /// Links, addresses, routes, rules or the firewall moved.
    case event
    /// Something failed before and is worth another try.
    case retry
    /// Something expires, or a block or suspension ends.
    case instant
    /// An endpoint name has another address.
    case name
    /// A probe of a change on trial succeeded, or all of them confirmed it.
    case probe
    /// A userspace program behind one of our links ended.
    case userspaceEnded
    /// The head of the repository may have moved.
    case revision
    /// Somebody asked for it: SIGHUP.
    case reload
    /// The loop began.
    case start

    /// Orders by how much it says: a pass with several causes is named after the greatest.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// The name in logs and events.
    public var name: String {
        switch self {
        case .interval: "interval"
        case .event: "event"
        case .retry: "retry"
        case .instant: "instant"
        case .name: "name"
        case .probe: "probe"
        case .userspaceEnded: "userspace-ended"
        case .revision: "revision"
        case .reload: "reload"
        case .start: "start"
        }
    }
}
