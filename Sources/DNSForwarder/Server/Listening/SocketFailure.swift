internal import Glibc
internal import Model

/// Why a socket could not be had.
struct SocketFailure: Error, Hashable, Sendable {
    /// The system's error number.
    let errno: CInt

    /// Why a listener waits, and what to do about it: lower case, no full stop.
    func reason(_ listen: ListenAddress) -> String {
        switch errno {
        case EADDRNOTAVAIL where listen.address.family == .ipv6:
            "\(listen.device) has no usable address \(listen.address) yet"
        case EADDRNOTAVAIL: "\(listen.device) has no address \(listen.address) yet"
        case ENODEV: "there is no interface \(listen.device) yet"
        case EADDRINUSE:
            "another program answers on port \(listen.port) of \(listen.address): find it with "
                + "`ss -tulpn 'sport = :\(listen.port)'` and stop it, or let it listen on other addresses"
        case EPERM, EACCES:
            "not permitted: the program needs CAP_NET_BIND_SERVICE and CAP_NET_RAW to listen on port \(listen.port)"
        case EMFILE, ENFILE: "too many open files: raise the limit of the program (LimitNOFILE)"
        default: unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
        }
    }
}
