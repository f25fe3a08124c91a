import Glibc

/// Why files of a directory can't be read.
struct DirectoryFailure: Error, Hashable {
    /// The path relative to the root; empty for the root itself.
    let path: [UInt8]
    let reason: String
    /// Whether what was listed a moment ago is no longer there.
    let isVanished: Bool

    init(_ path: [UInt8], _ reason: String) {
        self.path = path
        self.reason = reason
        isVanished = false
    }

    init(_ path: [UInt8], _ failure: FileFailure) {
        self.path = path
        reason = failure.code == ELOOP ? "is a symbolic link" : failure.reason
        isVanished = failure.code == ENOENT
    }
}
