import Glibc

/// A failed system call, kept before anything else can change `errno`.
struct FileFailure: Error {
    let code: Int32

    /// The failure of the call just made.
    static var last: FileFailure { FileFailure(code: errno) }

    /// What the system says, in lower case.
    var reason: String { unsafe String(cString: strerror(code)).lowercased() }

    /// What an admin can do about it, beginning with `: `; empty where nothing useful can be said.
    func advice(for what: String, option: String) -> String {
        switch code {
        case EACCES, EPERM: ": run as root, or choose another \(what) with \(option)"
        case EROFS: ": the \(what) must be writable, choose another one with \(option)"
        case ENOSPC, EDQUOT: ": make room on its disk"
        case ENOTDIR: ": a part of the path is a file"
        default: ""
        }
    }
}
