// Whose member of `timeval` an initializer is depends on what else the target imports.
import CLibC
import Glibc

/// Unix sockets that listen in the thread's network namespace, asked for by `NETLINK_SOCK_DIAG` (man 7 sock_diag).
///
/// A path says nothing about the namespace: every one that sees the file can connect. The kernel lists only the sockets
/// that were made in the namespace of the question, each with the file it is bound to.
enum UnixListeners {
    // <linux/netlink.h>
    private static let NETLINK_SOCK_DIAG: Int32 = 4

    /// A file on a file system.
    struct File: Hashable {
        let inode: UInt64
        let device: UInt64
    }

    /// The inode of the socket that listens at `path`, if it belongs to this namespace; nil if not.
    ///
    /// - Returns: the number in `socket:[…]` of the owner's `/proc/PID/fd`.
    static func socketInode(boundTo path: String) throws(UAPISocket.Failure) -> UInt64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if Glibc.errno == ENOENT { return nil }
            throw .system(call: "stat", errno: Glibc.errno)
        }
        let file = File(inode: UInt64(status.st_ino), device: UInt64(status.st_dev))
        let number = Glibc.socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), Self.NETLINK_SOCK_DIAG)
        guard number >= 0 else { throw .system(call: "sock_diag", errno: Glibc.errno) }
        let descriptor = Descriptor(number)
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        unsafe setsockopt(descriptor.number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let request = Self.request
        let sent = unsafe request.withUnsafeBytes { unsafe send(descriptor.number, $0.baseAddress, $0.count, 0) }
        guard sent == request.count else { throw .system(call: "sock_diag", errno: Glibc.errno) }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor.number, $0.baseAddress, $0.count, 0)
            }
            if count < 0, Glibc.errno == EINTR { continue }
            guard count > 0 else { throw .system(call: "sock_diag", errno: count == 0 ? EIO : Glibc.errno) }
            switch try find(file, in: buffer[..<count]) {
            case .found(let inode): return inode
            case .end: return nil
            case .more: continue
            }
        }
    }

    enum Answer: Equatable {
        case found(UInt64), more, end
    }

    /// `struct nlmsghdr` and `struct unix_diag_req`: all stream sockets that listen, with the file they are bound to.
    private static var request: [UInt8] {
        var bytes: [UInt8] = []
        // SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP
        append(UInt32(16 + 24), to: &bytes)
        append(UInt16(20), to: &bytes)
        append(UInt16(0x301), to: &bytes)
        append(UInt32(1), to: &bytes)
        append(UInt32(0), to: &bytes)
        bytes += [UInt8(AF_UNIX), 0, 0, 0]
        // udiag_states: TCP_LISTEN; udiag_ino; udiag_show: UDIAG_SHOW_VFS; udiag_cookie
        append(UInt32(1 << 10), to: &bytes)
        append(UInt32(0), to: &bytes)
        append(UInt32(0x02), to: &bytes)
        append(UInt32.max, to: &bytes)
        append(UInt32.max, to: &bytes)
        return bytes
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Looks for the file in one datagram of the answer.
    static func find(_ file: File, in datagram: ArraySlice<UInt8>) throws(UAPISocket.Failure) -> Answer {
        var index = datagram.startIndex
        while index + 16 <= datagram.endIndex {
            let length = Int(clamping: integer(datagram, index))
            guard length >= 16, index + length <= datagram.endIndex else {
                throw .incomplete("sock_diag sent a message of \(length) bytes")
            }
            switch UInt16(truncatingIfNeeded: integer(datagram, index + 4)) {
            case 3: return .end  // NLMSG_DONE
            case 2:  // NLMSG_ERROR
                guard length >= 20 else { throw .incomplete("sock_diag sent a short error") }
                let code = Int32(truncatingIfNeeded: integer(datagram, index + 16))
                throw .system(call: "sock_diag", errno: code == .min ? EIO : -code)
            default:
                // struct unix_diag_msg: family, type, state, padding, inode, cookie.
                if length >= 32, let bound = boundFile(datagram[(index + 32)..<(index + length)]), bound == file {
                    return .found(UInt64(integer(datagram, index + 20)))
                }
            }
            index += (length + 3) & ~3
        }
        return .more
    }

    /// `UNIX_DIAG_VFS` (`struct unix_diag_vfs`: inode, device) among the attributes.
    private static func boundFile(_ attributes: ArraySlice<UInt8>) -> File? {
        var index = attributes.startIndex
        while index + 4 <= attributes.endIndex {
            let header = integer(attributes, index)
            let length = Int(header & 0xFFFF)
            guard length >= 4, index + length <= attributes.endIndex else { return nil }
            if header >> 16 & 0x3FFF == 1, length >= 12 {
                let device = integer(attributes, index + 8)
                return File(inode: UInt64(integer(attributes, index + 4)), device: statDevice(device))
            }
            index += (length + 3) & ~3
        }
        return nil
    }

    /// The kernel's number of a device (12 bits major, 20 minor) as stat(2) packs it (man 3 makedev).
    private static func statDevice(_ device: UInt32) -> UInt64 {
        let (major, minor) = (UInt64(device >> 20), UInt64(device & 0xFFFFF))
        return major << 8 | minor & 0xFF | (minor & 0xFFF00) << 12
    }

    private static func integer(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
            | UInt32(bytes[index + 3]) << 24
    }
}
