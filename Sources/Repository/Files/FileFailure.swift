import Glibc

/// A failed system call, kept before anything else can change `errno`.
struct FileFailure: Error, Hashable {
    let code: Int32

    /// The failure of the call just made.
    static var last: FileFailure { FileFailure(code: errno) }

    /// What the system says, in lower case.
    var reason: String { unsafe String(cString: strerror(code)).lowercased() }
}
