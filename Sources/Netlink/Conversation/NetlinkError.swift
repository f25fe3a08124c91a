internal import CLibMnl
internal import Glibc

/// What can go wrong when talking to the kernel.
public enum NetlinkError: Error, Hashable, Sendable {
    /// The kernel refused the request.
    case refused(NetlinkRefusal)
    /// A system call on the socket failed.
    case system(call: String, errno: Int32)
    /// A reply does not have the shape its header promises, or belongs to another request.
    case malformed(String)
    /// A request can't be encoded.
    case unencodable(String)
    /// The dumped objects changed during every one of the attempts.
    case interrupted(operation: String, attempts: Int)
    /// Replies were lost because the receive buffer was full: whether the request was carried out is not known.
    case overrun
    /// No reply came.
    case timedOut(operation: String)
    /// No generic netlink family has this name: its module is not loaded, or the kernel has none.
    case noSuchFamily(String)

    /// The error number of the kernel or the system call.
    public var errno: Int32? {
        switch self {
        case .refused(let refusal): refusal.errno
        case .system(_, let errno): errno
        default: nil
        }
    }

    /// The kernel can't do it: an unknown link kind, a missing module or family (`EOPNOTSUPP`).
    public var isNotSupported: Bool {
        if case .noSuchFamily = self { return true }
        return errno == EOPNOTSUPP || errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT
    }

    /// The object does not exist (`ENODEV`, `ENOENT`, `ESRCH`, `EADDRNOTAVAIL`).
    public var isNotFound: Bool {
        errno == ENODEV || errno == ENOENT || errno == ESRCH || errno == EADDRNOTAVAIL
    }

    /// The object is there already (`EEXIST`).
    public var isAlreadyExisting: Bool { errno == EEXIST }

    /// The process lacks `CAP_NET_ADMIN` (`EPERM`, `EACCES`).
    public var isNotPermitted: Bool { errno == EPERM || errno == EACCES }
}

/// A negative answer of the kernel, with its extended acknowledgement (`enum nlmsgerr_attrs`, `<linux/netlink.h>`).
public struct NetlinkRefusal: Hashable, Sendable {
    /// What was asked, with the object: "add link wg0".
    public var operation: String
    /// The positive error number.
    public var errno: Int32
    /// The kernel's own words, if it gave any (`NLMSGERR_ATTR_MSG`).
    public var message: String?
    /// Where in the request the offending attribute begins (`NLMSGERR_ATTR_OFFS`).
    public var offset: UInt32?
    /// The type of a required attribute that was missing (`NLMSGERR_ATTR_MISS_TYPE`).
    public var missingType: UInt32?
}

extension NetlinkError: CustomStringConvertible {
    /// What failed, on which object, and the kernel's reason.
    public var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .system(let call, let errno): "\(call): \(Self.text(of: errno))"
        case .malformed(let what): "unexpected netlink reply: \(what)"
        case .unencodable(let what): "request can't be encoded: \(what)"
        case .interrupted(let operation, let attempts):
            "\(operation): the kernel's list changed during each of \(attempts) readings, try again later"
        case .overrun: "netlink replies were lost because the receive buffer was full"
        case .timedOut(let operation): "\(operation): the kernel did not answer"
        case .noSuchFamily(let name): "the kernel has no generic netlink family '\(name)': load its module"
        }
    }

    /// The C library's words for an error number, with the number.
    static func text(of errno: Int32) -> String {
        guard let text = unsafe strerror(errno) else { return "error \(errno)" }
        return unsafe "\(String(cString: text).lowercased()) (errno \(errno))"
    }
}

extension NetlinkRefusal: CustomStringConvertible {
    /// "add link wg0: operation not supported (errno 95): Unknown device type".
    public var description: String {
        var text = "\(operation): \(NetlinkError.text(of: errno))"
        if let message { text += ": \(message)" }
        if let missingType { text += ", attribute \(missingType) is missing" }
        if let offset { text += ", at byte \(offset) of the request" }
        return text
    }
}
