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
        /// What the program answered is no answer.
        case malformed(UAPIAnswer.Malformed)
    }

    /// How long one read or write may wait. A program that works on 10,000 peers answers after about a second.
    static let timeout: Int = 30
    /// 10,000 peers with two allowed IPs are 4 MB; nothing sane is larger than this.
    static let answerLimit = 1 << 30
    /// How much of an answer is held at a time; also the longest line.
    private static let roomForLines = 128 << 10

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

    /// Sends a request and reads the answer up to its empty line, in which some peers are expected. Secrets of the answer
    /// are left nowhere but in it.
    borrowing func exchange(_ request: [UInt8], expectedPeers: Int = 0) throws(Failure) -> UAPIAnswer {
        try send(request)
        return try receive(UAPIAnswerReader(expectedPeers: expectedPeers))
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

    private borrowing func receive(_ start: consuming UAPIAnswerReader) throws(Failure) -> UAPIAnswer {
        var reader = start
        // Never grown: freed memory would hold keys.
        var buffer = [UInt8](repeating: 0, count: Self.roomForLines)
        defer { Self.wipe(&buffer) }
        var (filled, total) = (0, 0)
        while !reader.isComplete {
            guard filled < buffer.count, total < Self.answerLimit else {
                throw .incomplete("the answer or a line of it is too long")
            }
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor.number, $0.baseAddress?.advanced(by: filled), $0.count - filled, 0)
            }
            if count > 0 {
                (filled, total) = (filled + count, total + count)
                let taken: Int
                do throws(UAPIAnswer.Malformed) {
                    taken = try reader.take(buffer.span.extracting(0..<filled))
                } catch {
                    throw .malformed(error)
                }
                for index in taken..<filled { buffer[index - taken] = buffer[index] }
                filled -= taken
            } else if count == 0 {
                throw .incomplete("the program hung up in the middle of its answer")
            } else if Glibc.errno != EINTR {
                throw Glibc.errno == EAGAIN
                    ? .incomplete("the program did not answer in time")
                    : .system(call: "recv", errno: Glibc.errno)
            }
        }
        do throws(UAPIAnswer.Malformed) {
            return try reader.finish()
        } catch {
            throw .malformed(error)
        }
    }

    /// Overwrites bytes that held secrets.
    static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes {
            if let start = $0.baseAddress { unsafe explicit_bzero(start, $0.count) }
        }
    }
}
