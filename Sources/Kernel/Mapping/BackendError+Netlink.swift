import Glibc
import Netlink
import Reconciler

extension BackendError {
    /// A netlink error, with whether another try can help and what an admin can do about it.
    init(_ error: NetlinkError) {
        var message = error.description
        if error.isNotPermitted { message += "; run as root or with CAP_NET_ADMIN" }
        self.init(Self.kind(of: error), message)
    }

    private static func kind(of error: NetlinkError) -> Kind {
        switch error {
        case .interrupted, .overrun, .timedOut: .transient
        case .malformed, .unencodable, .noSuchFamily: .terminal
        case .refused, .system:
            switch error.errno {
            // Busy or short of memory; or what the plan saw is gone, and the next look will see that too.
            case EBUSY, EAGAIN, EINTR, ENOMEM, ENOBUFS, EADDRINUSE, ENODEV, ENOENT, ESRCH, ENETDOWN, EHOSTUNREACH,
                ENETUNREACH:
                .transient
            default: .terminal
            }
        }
    }
}

/// Runs netlink calls and turns their errors into the port's.
func asking<Result>(_ body: () throws(NetlinkError) -> Result) throws(BackendError) -> Result {
    do throws(NetlinkError) { return try body() } catch { throw BackendError(error) }
}
