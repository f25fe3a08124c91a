/// Which peers a document is about: those that any of the selectors finds.
public struct AccessSources: Sendable, Hashable {
    /// Peers by name.
    public var peers: [PeerReference] = []
    /// Peers that have all of these labels; empty: the selector is not used.
    public var labels: [String: String] = [:]
    /// Peers of these users.
    public var owners: [String] = []
    /// Peers of these interfaces.
    public var interfaces: [String] = []

    /// Nobody.
    public init() {}

    /// Whether no selector is used.
    public var isEmpty: Bool { peers.isEmpty && labels.isEmpty && owners.isEmpty && interfaces.isEmpty }
}
