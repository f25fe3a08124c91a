import Model
import Netlink

/// A TCP or UDP socket of the host.
struct HostSocket: Hashable {
    /// Its own place; an IPv6 socket with an IPv4 address shows it as that.
    let local: SocketAddress
    /// The other end; nil where there is none.
    let remote: SocketAddress?
    /// How far it has come.
    let state: InetSocket.State
    /// Its number in `/proc/PID/fd`.
    let inode: UInt64

    /// The state of who takes what others begin: a TCP socket that listens, a UDP socket that is not connected.
    static func listening(_ transport: Forward.Transport) -> InetSocket.State {
        transport == .tcp ? .listening : .closed
    }
}

extension HostSocket {
    /// As the kernel tells it (man 7 sock_diag).
    init(_ socket: InetSocket) {
        let remote = SocketAddress(unmapping: socket.remote)
        self.init(
            local: SocketAddress(unmapping: socket.local), remote: remote.port == 0 ? nil : remote, state: socket.state,
            inode: UInt64(socket.inode))
    }
}

extension SocketAddress {
    /// An endpoint whose IPv4-mapped address (RFC 4291, 2.5.5.2) is taken for the IPv4 address that it is.
    init(unmapping endpoint: NetlinkEndpoint) {
        let address: IPAddress =
            if case .ipv6(0, let low) = endpoint.address, low >> 32 == 0xFFFF {
                IPAddress(v4: UInt32(truncatingIfNeeded: low))
            } else {
                IPAddress(endpoint.address)
            }
        self.init(address, port: endpoint.port)
    }
}
