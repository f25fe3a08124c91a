import Glibc
import Model
import Synchronization

/// A socket that listens. Clients may connect from the first moment; they are accepted once the server runs.
final class ListeningSocket: Sendable {
    /// Where it listens.
    enum Place: Sendable, Hashable {
        case address(SocketAddress)
        /// The address where only metrics are answered.
        case metrics(SocketAddress)
        case path(String)
    }

    let place: Place
    private let descriptor: Mutex<CInt?>
    /// Undoes what opening it left in the file system.
    private let cleanUp: @Sendable () -> Void

    init(_ descriptor: CInt, at place: Place, cleanUp: @escaping @Sendable () -> Void = {}) {
        self.place = place
        self.descriptor = Mutex(descriptor)
        self.cleanUp = cleanUp
    }

    deinit {
        if let descriptor = take() { close(descriptor) }
        cleanUp()
    }

    /// Hands the descriptor over, once: who takes it closes it.
    func take() -> CInt? {
        descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
    }

    /// Listens on an address.
    ///
    /// - Parameter isForMetrics: whether only metrics are answered there.
    /// - Throws: ``ServerFailure`` when it can't be had.
    static func open(
        _ address: SocketAddress, isForMetrics: Bool = false
    ) throws(ServerFailure) -> ListeningSocket {
        let fields = isForMetrics ? "api.metrics_listen in the host file" : "api.listen in the host file or --listen"
        let isIPv4 = address.address.family == .ipv4
        let descriptor = socket(isIPv4 ? AF_INET : AF_INET6, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(address, errno, fields) }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        // The address may be one that the first pass gives to an interface.
        set(descriptor, CInt(IPPROTO_IP), IP_FREEBIND)
        // `[::]` is IPv6 alone: the addresses that are listened on are those that are written.
        if !isIPv4 { set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY) }
        guard unsafe SocketName(address).withPointer({ unsafe bind(descriptor, $0, $1) }) == 0,
            listen(descriptor, backlog) == 0
        else {
            let code = errno
            close(descriptor)
            throw failure(address, code, fields)
        }
        let bound = SocketName.bound(descriptor) ?? address
        return ListeningSocket(descriptor, at: isForMetrics ? .metrics(bound) : .address(bound))
    }

    /// Clients that wait to be accepted; the kernel lowers it to `net.core.somaxconn`.
    static let backlog: CInt = 4096

    private static func set(_ descriptor: CInt, _ level: CInt, _ name: CInt) {
        var on: CInt = 1
        unsafe setsockopt(descriptor, level, name, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    private static func failure(_ address: SocketAddress, _ code: CInt, _ fields: String) -> ServerFailure {
        let advice =
            switch code {
            case EADDRINUSE: "stop the process that has it, or choose another one"
            case EACCES: "run as root, or choose a port above 1023"
            default: "choose another one"
            }
        return ServerFailure(
            "the API can't listen on \(address) (\(errorText(code))): \(advice) with \(fields)"
        )
    }

    /// The words of an error number.
    static func errorText(_ code: CInt) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
