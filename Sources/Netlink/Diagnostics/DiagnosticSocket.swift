internal import CLibMnl
internal import Glibc

/// The socket that tells of other sockets of one network namespace (man 7 sock_diag).
///
/// Use one socket from one thread at a time. It stays in the namespace that the creating thread was in.
public final class DiagnosticSocket {
    /// The protocols that can be asked for.
    public enum TransportProtocol: Sendable {
        /// `IPPROTO_TCP`.
        case tcp
        /// `IPPROTO_UDP`.
        case udp

        fileprivate var number: UInt8 { UInt8(self == .tcp ? IPPROTO_TCP : IPPROTO_UDP) }
    }

    private let conversation: Conversation

    /// Opens a socket in the thread's network namespace. Throws `NetlinkError.system` when the kernel has none.
    public convenience init() throws(NetlinkError) {
        try self.init(NetlinkSocket(bus: NETLINK_SOCK_DIAG, receiveBuffer: 1 << 18))
    }

    init(_ transport: any Transport) { conversation = Conversation(transport) }

    /// The sockets of a protocol in these states, IPv4 first. Other than `/proc/net/tcp` this does not walk through all
    /// places of the kernel's table to find a few. An IPv6 socket shows IPv4 addresses mapped.
    ///
    /// Throws a refusal with `isNotFound` when the kernel can't tell of the protocol (no module `tcp_diag` or `udp_diag`).
    public func sockets(
        _ transport: TransportProtocol, in states: Set<InetSocket.State>
    ) throws(NetlinkError) -> [InetSocket] {
        var sockets: [InetSocket] = []
        for family in NetlinkFamily.allCases {
            sockets += try conversation.dump(
                InetSocket.dumpRequest(family, transport.number, states), [], "list sockets"
            ) { (found: inout [InetSocket], message, bytes) throws(NetlinkError) in
                guard message.type == SOCK_DIAG_BY_FAMILY, let socket = try InetSocket(decoding: message, in: bytes)
                else { return }
                found.append(socket)
            }
        }
        return sockets
    }
}
