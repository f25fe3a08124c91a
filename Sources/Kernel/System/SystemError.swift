import Glibc
import Reconciler

/// Errors of system calls in the words of the C library.
enum SystemError {
    /// The words for an error number, with the number: `connection refused (errno 111)`.
    static func text(of errno: Int32) -> String {
        guard let text = unsafe strerror(errno) else { return "error \(errno)" }
        return unsafe "\(String(cString: text).lowercased()) (errno \(errno))"
    }

    /// Whether another try can help without any change of input.
    static func kind(of errno: Int32) -> BackendError.Kind {
        switch errno {
        case EBUSY, EAGAIN, ENOBUFS, ENOMEM, EINTR, ETIMEDOUT, EADDRINUSE: .transient
        default: .terminal
        }
    }

    /// The error of a system call that has just failed.
    static func backend(_ operation: String, _ errno: Int32, advice: String = "") -> BackendError {
        var message = "\(operation): \(text(of: errno))"
        if errno == EPERM || errno == EACCES { message += "; root or CAP_NET_ADMIN is needed" }
        if !advice.isEmpty { message += "; \(advice)" }
        return BackendError(kind(of: errno), message)
    }
}
