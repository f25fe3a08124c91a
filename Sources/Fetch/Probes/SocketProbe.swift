import Glibc
import Model

/// Sockets that ask one address each, and the wait for the first answer.
struct SocketProbe: ~Copyable {
    /// What a socket that moved has to say.
    enum News {
        /// The address answered.
        case answer
        /// It will not.
        case failure(String)
        /// Nothing yet.
        case nothing
    }

    private var waiting: [pollfd] = []
    private var lastFailure = "it has no address"

    deinit { for entry in waiting { close(entry.fd) } }

    /// Connects to all addresses at once, until one connection stands.
    static func connect(to addresses: [IPAddress], port: UInt16, until end: ContinuousClock.Instant) -> ProbeOutcome {
        var sockets = SocketProbe()
        for address in addresses {
            sockets.add(address, SOCK_STREAM.rawValue, protocol: 0, events: POLLOUT) { descriptor in
                let status = unsafe SocketPlace.with(address, port: port) { unsafe Glibc.connect(descriptor, $0, $1) }
                return status == 0 || errno == EINPROGRESS ? 0 : errno
            }
        }
        return sockets.wait(until: end) { descriptor in
            let error = pendingError(descriptor)
            return error == 0 ? .answer : .failure(reason(error))
        }
    }

    /// Opens a socket that does not block and begins to ask with it.
    ///
    /// - Parameter begin: asks; returns an errno, 0 where an answer may come.
    mutating func add(
        _ address: IPAddress, _ type: UInt32, protocol number: Int, events: Int32,
        refused: (Int32) -> String? = { _ in nil }, _ begin: (Int32) -> Int32
    ) {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let flags = Int32(type | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, flags, Int32(number))
        guard descriptor >= 0 else {
            let error = errno
            lastFailure = refused(error) ?? Self.reason(error)
            return
        }
        let error = begin(descriptor)
        guard error == 0 else {
            close(descriptor)
            lastFailure = Self.reason(error)
            return
        }
        waiting.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
    }

    /// Waits until one socket has an answer, all failed, or the time is over.
    mutating func wait(until end: ContinuousClock.Instant, _ news: (Int32) -> News) -> ProbeOutcome {
        while !waiting.isEmpty {
            let left = end - ContinuousClock.now
            guard left > .zero else { return .silent }
            let milliseconds = Int32(clamping: Int64((left / .milliseconds(1)).rounded(.up)))
            let count = unsafe poll(&waiting, nfds_t(waiting.count), milliseconds)
            if count < 0, errno != EINTR { return .failed(Self.reason(errno)) }
            guard count > 0 else { continue }
            var rest: [pollfd] = []
            var isAnswered = false
            for entry in waiting {
                guard entry.revents != 0, !isAnswered else {
                    rest.append(entry)
                    continue
                }
                switch news(entry.fd) {
                case .answer:
                    isAnswered = true
                    rest.append(entry)
                case .nothing: rest.append(entry)
                case .failure(let why):
                    close(entry.fd)
                    lastFailure = why
                }
            }
            waiting = rest
            if isAnswered { return .answered }
        }
        return .failed(lastFailure)
    }

    /// What went wrong with a socket since it was asked last.
    static func pendingError(_ descriptor: Int32) -> Int32 {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 else { return errno }
        return error
    }

    /// The text of an errno.
    static func reason(_ error: Int32) -> String { unsafe String(cString: strerror(error)).lowercased() }
}

/// An address and port in the form of the C library.
enum SocketPlace {
    static func with<Value>(
        _ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        switch address.family {
        case .ipv4:
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            place.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
            return unsafe pointer(to: &place, body)
        case .ipv6:
            var place = sockaddr_in6()
            place.sin6_family = sa_family_t(AF_INET6)
            place.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &place.sin6_addr) { unsafe $0.copyBytes(from: address.bytes) }
            return unsafe pointer(to: &place, body)
        }
    }

    private static func pointer<Place, Value>(
        to place: inout Place, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        unsafe withUnsafePointer(to: &place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, socklen_t(MemoryLayout<Place>.size))
            }
        }
    }
}
