import Glibc

/// The socket of sd_notify(3): a datagram of `KEY=value` lines for each message, with descriptors where one hands some
/// over. The protocol is documented there and stable, so that no library is needed.
struct NotifySocket: Sendable {
    /// How long a supervisor that reads nothing can hold us up.
    private static let patience = timeval(tv_sec: 2, tv_usec: 0)

    private let name: [UInt8]

    /// A socket by the value of `NOTIFY_SOCKET`: a path, or a name after `@`. Nil for other kinds.
    init?(_ value: String) {
        var name = Array(value.utf8)
        guard name.first == UInt8(ascii: "/") || name.first == UInt8(ascii: "@"), name.count > 1, name.count < 108
        else { return nil }
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        self.name = name
    }

    /// Sends one message.
    ///
    /// - Throws: the system's reason.
    func send(_ lines: [String], descriptors: [CInt] = []) throws(SystemError) {
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_UNIX, type, 0)
        guard socket >= 0 else { throw SystemError(errno) }
        defer { close(socket) }
        var patience = Self.patience
        unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        // The length ends an abstract name; the byte behind a path is zero.
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        var text = Array(lines.joined(separator: "\n").utf8)
        var control = Self.control(descriptors)
        let sent = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe text.withUnsafeMutableBytes { text in
                unsafe control.withUnsafeMutableBytes { control in
                    var part = unsafe iovec(iov_base: text.baseAddress, iov_len: text.count)
                    return unsafe withUnsafeMutablePointer(to: &part) { part in
                        var message = unsafe msghdr()
                        unsafe message.msg_name = UnsafeMutableRawPointer(address)
                        unsafe message.msg_namelen = socklen_t(length + name.count)
                        unsafe message.msg_iov = part
                        unsafe message.msg_iovlen = 1
                        if unsafe !control.isEmpty {
                            unsafe message.msg_control = control.baseAddress
                            unsafe message.msg_controllen = control.count
                        }
                        return unsafe sendmsg(socket, &message, Int32(MSG_NOSIGNAL))
                    }
                }
            }
        }
        guard sent >= 0 else { throw SystemError(errno) }
    }

    /// Descriptors as `SCM_RIGHTS` (unix(7)), laid out as cmsg(3) does: the header of two words, then the numbers, filled
    /// up to whole words.
    private static func control(_ descriptors: [CInt]) -> [UInt] {
        guard !descriptors.isEmpty else { return [] }
        let header = MemoryLayout<cmsghdr>.size
        let length = header + descriptors.count * MemoryLayout<CInt>.size
        let word = MemoryLayout<UInt>.size
        var control = [UInt](repeating: 0, count: (length + word - 1) / word)
        unsafe control.withUnsafeMutableBytes { bytes in
            var first = cmsghdr()
            first.cmsg_len = length
            first.cmsg_level = SOL_SOCKET
            first.cmsg_type = Int32(SCM_RIGHTS)
            unsafe bytes.storeBytes(of: first, as: cmsghdr.self)
            for (index, descriptor) in descriptors.enumerated() {
                unsafe bytes.storeBytes(
                    of: descriptor, toByteOffset: header + index * MemoryLayout<CInt>.size, as: CInt.self)
            }
        }
        return control
    }
}
