// Whose member of `timeval` an initializer is depends on what else the target imports.
import CLibC
import Glibc
import Model
import Reconciler

/// One conversation with the UAPI socket of a userspace program (man 8 wg, wireguard.com/xplatform).
@safe struct UAPISocket: ~Copyable {
    /// Why a socket could not be used.
    enum Failure: Error, Hashable {
        /// No such file.
        case absent
        /// The file is there, but nobody listens.
        case refused
        /// A system call failed.
        case system(call: String, errno: Int32)
        /// The program hung up or sent no end in time.
        case incomplete(String)
    }

    /// How long one read or write may wait. A program that works on 10,000 peers answers after about a second.
    static let timeout: Int = 30
    /// 10,000 peers with two allowed IPs are 4 MB; nothing sane is larger than this.
    static let answerLimit = 1 << 30

    private let descriptor: Descriptor

    /// Connects to the socket at `path`.
    init(connectingTo path: String, timeout: Int = Self.timeout) throws(Failure) {
        self.init(try Self.connect(to: path, timeout: timeout))
    }

    private init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    private static func connect(to path: String, timeout: Int) throws(Failure) -> Descriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < capacity, !bytes.contains(0) else {
            throw .system(call: "connect", errno: ENAMETOOLONG)
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw .system(call: "socket", errno: Glibc.errno) }
        let descriptor = Descriptor(number)
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(number, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if status == 0 { return descriptor }
        switch Glibc.errno {
        case ENOENT: throw .absent
        case ECONNREFUSED: throw .refused
        default: throw .system(call: "connect", errno: Glibc.errno)
        }
    }

    /// The id of the process that made the socket listen (`SO_PEERCRED`); it may have ended since.
    var peerProcess: pid_t? {
        // struct ucred: pid, uid, gid.
        var credentials: [Int32] = [0, 0, 0]
        var length = socklen_t(12)
        guard unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
            return nil
        }
        return credentials[0] > 0 ? credentials[0] : nil
    }

    /// Sends a request and reads the answer up to its empty line. The answer may hold secrets: wipe it after use.
    borrowing func exchange(_ request: [UInt8]) throws(Failure) -> [UInt8] {
        try send(request)
        return try receive()
    }

    private borrowing func send(_ bytes: [UInt8]) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(
                    descriptor.number, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if Glibc.errno != EINTR {
                throw Glibc.errno == EAGAIN
                    ? .incomplete("the program did not take the request in time")
                    : .system(call: "send", errno: Glibc.errno)
            }
        }
    }

    private borrowing func receive() throws(Failure) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var filled = 0
        while true {
            if filled == buffer.count {
                guard buffer.count < Self.answerLimit else { throw .incomplete("the answer is too long") }
                // Not grown in place: the old bytes may hold keys and must not stay behind in freed memory.
                var larger = [UInt8](repeating: 0, count: buffer.count * 2)
                larger.replaceSubrange(0..<filled, with: buffer)
                Self.wipe(&buffer)
                buffer = larger
            }
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor.number, $0.baseAddress?.advanced(by: filled), $0.count - filled, 0)
            }
            if count > 0 {
                filled += count
                if filled >= 2, buffer[filled - 1] == UInt8(ascii: "\n"), buffer[filled - 2] == UInt8(ascii: "\n") {
                    buffer.removeLast(buffer.count - filled)
                    return buffer
                }
            } else if count == 0 {
                Self.wipe(&buffer)
                throw .incomplete("the program hung up in the middle of its answer")
            } else if Glibc.errno != EINTR {
                let errno = Glibc.errno
                Self.wipe(&buffer)
                throw errno == EAGAIN
                    ? .incomplete("the program did not answer in time") : .system(call: "recv", errno: errno)
            }
        }
    }

    /// Overwrites bytes that held secrets.
    static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes {
            if let start = $0.baseAddress { unsafe explicit_bzero(start, $0.count) }
        }
    }
}
