import Glibc

/// The network namespace this process is in.
enum NetworkNamespace {
    /// The inode that names it (`namespaces(7)`); 0 when `/proc` is not mounted.
    static var inode: UInt64 {
        var status = stat()
        guard unsafe stat("/proc/self/ns/net", &status) == 0 else { return 0 }
        return UInt64(status.st_ino)
    }
}

extension NetworkNamespace {
    /// Whether it is the one the host started in.
    static var isInitial: Bool {
        var status = stat()
        guard unsafe stat("/proc/1/ns/net", &status) == 0 else { return true }
        return UInt64(status.st_ino) == inode
    }
}
