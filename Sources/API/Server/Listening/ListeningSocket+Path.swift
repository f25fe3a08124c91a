import Glibc

extension ListeningSocket {
    /// Listens on a unix socket. Its directory protects it: only this user may enter, or the group of admins, too.
    /// A socket without a listener is replaced; one with a listener is never taken away.
    ///
    /// - Throws: ``ServerFailure`` when it can't be had.
    static func open(_ socket: ServerOptions.LocalSocket) throws(ServerFailure) -> ListeningSocket {
        let path = socket.path
        let group = try socket.group.map { name throws(ServerFailure) in try LocalGroup.id(of: name) }
        let directory = try protectedDirectory(of: path, group)
        defer { close(directory) }
        // Reached through the directory's descriptor, whatever the length of its path.
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let entry = { (name: String) in "/proc/self/fd/\(directory)/\(name)" }
        guard let final = SocketName(path: entry(name)), let fresh = SocketName(path: entry(".\(name).new")) else {
            throw ServerFailure("the name of the socket \(path) is too long")
        }
        try refuseLive(final, path)
        unsafe unlink(entry(".\(name).new"))
        let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(path, errno) }
        // Its rights are set before it gets the name under which it is looked for.
        guard unsafe fresh.withPointer({ unsafe bind(descriptor, $0, $1) }) == 0,
            group.map({ unsafe chown(entry(".\(name).new"), uid_t.max, $0) }) ?? 0 == 0,
            unsafe chmod(entry(".\(name).new"), group == nil ? 0o600 : 0o660) == 0,
            listen(descriptor, backlog) == 0,
            unsafe rename(entry(".\(name).new"), entry(name)) == 0
        else {
            let code = errno
            close(descriptor)
            unsafe unlink(entry(".\(name).new"))
            throw failure(path, code)
        }
        let identity = FileIdentity(path)
        return ListeningSocket(descriptor, at: .path(path)) {
            // Another daemon may have put its own there meanwhile.
            if let identity, FileIdentity(path) == identity { unsafe unlink(path) }
        }
    }

    private static func protectedDirectory(of path: String, _ group: gid_t?) throws(ServerFailure) -> CInt {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let directory = parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
        if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST { throw failure(path, errno) }
        let descriptor = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        // The dot leads to the directory that is open, not to the link.
        guard let found = FileIdentity("/proc/self/fd/\(descriptor)/."), found.owner == geteuid() else {
            close(descriptor)
            throw ServerFailure("the directory of the socket \(path) belongs to another user: choose another --state")
        }
        let isSet =
            if let group {
                fchown(descriptor, uid_t.max, group) == 0 && fchmod(descriptor, 0o710) == 0
            } else {
                found.permissions & 0o077 == 0 || fchmod(descriptor, 0o700) == 0
            }
        guard isSet else {
            let code = errno
            close(descriptor)
            throw failure(path, code)
        }
        return descriptor
    }

    private static func refuseLive(_ name: SocketName, _ path: String) throws(ServerFailure) {
        guard let found = FileIdentity(path) else { return }
        guard found.isSocket else { throw ServerFailure("\(path) is in the way of the API's socket and is no socket") }
        let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        if unsafe name.withPointer({ unsafe connect(descriptor, $0, $1) }) == 0 {
            throw ServerFailure(
                "another process answers at \(path): stop it, or give this one another state directory with --state")
        }
        guard errno == ECONNREFUSED || errno == ENOENT else { throw failure(path, errno) }
    }

    private static func failure(_ path: String, _ code: CInt) -> ServerFailure {
        ServerFailure("the API can't listen on \(path): \(errorText(code))")
    }
}
