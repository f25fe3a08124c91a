import Glibc
import NIOCore

/// `struct ucred` of `unix(7)`, which the headers show only with `_GNU_SOURCE`.
struct PeerCredentials: Sendable {
    var pid: pid_t = 0
    var uid: uid_t = 0
    var gid: gid_t = 0

    /// Who opened the other end of a unix socket; nil when the kernel does not tell.
    static func user(of channel: any Channel) -> EventLoopFuture<LocalUser?> {
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(nil)
        }
        // The type is the one that the kernel fills for this option.
        let credentials: EventLoopFuture<PeerCredentials> = socket.unsafeGetSocketOption(
            level: NIOBSDSocket.OptionLevel(rawValue: SOL_SOCKET), name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.map { LocalUser(uid: $0.uid, gid: $0.gid) }
    }
}
