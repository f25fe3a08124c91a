/// Whose traffic is kept.
public enum TrafficSubject: Sendable, Hashable {
    /// A peer by its stable identifier (a UUID): encrypted bytes, as `wg show transfer` counts them.
    case peer(String)
    /// An interface by its name: inner bytes.
    case interface(String)
}
