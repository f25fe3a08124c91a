/// A TCP or UDP socket of a network namespace, as `ss` shows it (`struct inet_diag_msg`, `<linux/inet_diag.h>`).
public struct InetSocket: Hashable, Sendable {
    /// How far a socket has come (`<netinet/tcp.h>`).
    public enum State: UInt8, Sendable, CaseIterable {
        /// `TCP_ESTABLISHED`: a connection; of UDP, a socket that talks to one address alone.
        case established = 1
        /// `TCP_CLOSE`: of UDP, a socket that takes from everybody.
        case closed = 7
        /// `TCP_LISTEN`.
        case listening = 10
    }

    /// Its own address and port; unspecified where it takes what comes for any address.
    public var local: NetlinkEndpoint
    /// The other end; unspecified and 0 where there is none.
    public var remote: NetlinkEndpoint
    /// How far it has come.
    public var state: State
    /// Its number among all sockets, as in `/proc/PID/fd`.
    public var inode: UInt32

    /// A socket with the given values.
    public init(local: NetlinkEndpoint, remote: NetlinkEndpoint, state: State, inode: UInt32) {
        self.local = local
        self.remote = remote
        self.state = state
        self.inode = inode
    }
}
