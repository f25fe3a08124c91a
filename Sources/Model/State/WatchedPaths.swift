/// Ways to this host and from it that changes must not cut: somebody works by them now, or the next revision comes by
/// them.
public struct WatchedPaths: Sendable, Hashable {
    /// Established connections of people who administer the host.
    public var connections: [AdminConnection]
    /// Where the git remote is.
    public var remotes: [RemoteHost]

    /// Paths; without arguments: none.
    public init(connections: [AdminConnection] = [], remotes: [RemoteHost] = []) {
        self.connections = connections
        self.remotes = remotes
    }

    /// Whether there is nothing to watch.
    public var isEmpty: Bool { connections.isEmpty && remotes.isEmpty }
}

/// An established TCP connection to SSH or to our own API.
public struct AdminConnection: Sendable, Hashable {
    /// What it leads to.
    public enum Service: String, Sendable, Hashable {
        /// An SSH server.
        case ssh = "SSH"
        /// Our API.
        case api = "API"
    }

    /// What it leads to.
    public var service: Service
    /// The address and port of this host.
    public var local: SocketAddress
    /// Who opened it.
    public var remote: SocketAddress

    /// A connection.
    public init(_ service: Service, local: SocketAddress, remote: SocketAddress) {
        self.service = service
        self.local = local
        self.remote = remote
    }
}

/// An address of the host that the git remote is on.
public struct RemoteHost: Sendable, Hashable {
    /// The host as the URL names it.
    public var name: String
    /// Its address.
    public var address: IPAddress

    /// An address.
    public init(name: String, address: IPAddress) {
        self.name = name
        self.address = address
    }
}
