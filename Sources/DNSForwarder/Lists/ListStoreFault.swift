import Glibc

/// Why the directory of the lists can't be used.
public struct ListStoreFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file or directory.
    public let path: String
    /// What the system says.
    public let reason: String

    /// Names path and reason: lower case, no full stop.
    public var description: String { "\(path) can't be used: \(reason)" }

    /// The failure of the system call just made.
    static func last(_ path: String) -> ListStoreFault {
        unsafe ListStoreFault(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
}
