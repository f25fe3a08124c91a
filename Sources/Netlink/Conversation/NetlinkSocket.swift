internal import CLibMnl
internal import Glibc

/// One netlink socket, closed when the last reference goes.
///
/// It belongs to the network namespace that the creating thread was in (man 7 network_namespaces).
@safe final class NetlinkSocket: Transport {
    private let handle: OpaquePointer

    /// Opens a socket and binds it to a port id of the kernel's choice.
    ///
    /// `receiveBuffer` is the wanted `SO_RCVBUF` in bytes; beyond `net.core.rmem_max` it needs `CAP_NET_ADMIN`.
    init(bus: Int32, nonblocking: Bool = false, receiveBuffer: Int32, strict: Bool = false) throws(NetlinkError) {
        let flags = SOCK_CLOEXEC_value | (nonblocking ? SOCK_NONBLOCK_value : 0)
        guard let handle = unsafe mnl_socket_open2(bus, flags) else {
            throw .system(call: "open netlink socket \(bus)", errno: Glibc.errno)
        }
        unsafe self.handle = handle
        guard unsafe mnl_socket_bind(handle, 0, MNL_SOCKET_AUTOPID) == 0 else {
            let error = Glibc.errno
            unsafe mnl_socket_close(handle)
            throw .system(call: "bind netlink socket \(bus)", errno: error)
        }
        // Each of these only makes answers better; old kernels lack some (ENOPROTOOPT).
        set(NETLINK_EXT_ACK)
        set(NETLINK_CAP_ACK)
        if strict { set(NETLINK_GET_STRICT_CHK) }
        if !set(level: SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer) { set(level: SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
        if !nonblocking {
            // The kernel answers within the send call; this bound only ends a wait for a reply that was lost.
            var timeout = timeval(tv_sec: 10, tv_usec: 0)
            _ = unsafe setsockopt(
                fileDescriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { unsafe mnl_socket_close(handle) }

    var fileDescriptor: Int32 { unsafe mnl_socket_get_fd(handle) }

    var portID: UInt32 { unsafe mnl_socket_get_portid(handle) }

    /// Joins a multicast group by number (`NETLINK_ADD_MEMBERSHIP`).
    func join(group: UInt32) throws(NetlinkError) {
        var group = group
        let result = unsafe mnl_socket_setsockopt(
            handle, NETLINK_ADD_MEMBERSHIP, &group, socklen_t(MemoryLayout<UInt32>.size))
        guard result == 0 else { throw .system(call: "join multicast group \(group)", errno: Glibc.errno) }
    }

    func send(_ datagram: [UInt8]) throws(NetlinkError) {
        while true {
            let sent = unsafe datagram.withUnsafeBytes {
                unsafe mnl_socket_sendto(handle, $0.baseAddress, $0.count)
            }
            if sent >= 0 { return }
            if Glibc.errno != EINTR { throw .system(call: "send netlink message", errno: Glibc.errno) }
        }
    }

    // Only the kernel can send to a NETLINK_ROUTE, _GENERIC, _NETFILTER or _SOCK_DIAG socket (no NL_CFG_F_NONROOT_SEND), so
    // the sender needs no check; sequence and port id of each message are checked by the conversation.
    func receive(into buffer: inout [UInt8]) throws(NetlinkError) -> Int? {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe mnl_socket_recvfrom(handle, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            switch Glibc.errno {
            case EINTR: continue
            case EAGAIN: return nil
            case ENOBUFS: throw .overrun
            case ENOSPC: throw .malformed("a datagram longer than the buffer of \(buffer.count) bytes")
            default: throw .system(call: "receive netlink message", errno: Glibc.errno)
            }
        }
    }

    func discard() {
        var scratch: [UInt8] = [0]
        // A dump in progress goes on inside recv, so this also ends it. ENOBUFS is reported once, then data follow.
        while true {
            let count = unsafe recv(fileDescriptor, &scratch, scratch.count, Int32(MSG_DONTWAIT))
            if count < 0, Glibc.errno != EINTR, Glibc.errno != ENOBUFS { return }
        }
    }

    @discardableResult
    private func set(_ option: Int32) -> Bool { set(level: SOL_NETLINK_value, option, 1) }

    @discardableResult
    private func set(level: Int32, _ option: Int32, _ value: Int32) -> Bool {
        var value = value
        return unsafe setsockopt(fileDescriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
    }
}

/// `SOL_NETLINK` of `<bits/socket.h>`, which Glibc's module doesn't show.
private let SOL_NETLINK_value: Int32 = 270
private let SOCK_CLOEXEC_value = Int32(SOCK_CLOEXEC.rawValue)
private let SOCK_NONBLOCK_value = Int32(SOCK_NONBLOCK.rawValue)
