import CLibC
import Glibc

/// A process held by a pidfd (man 2 pidfd_open): unlike a number it never comes to mean another process.
final class ProcessHandle: Sendable {
    let id: pid_t
    private let descriptor: Descriptor

    /// Takes hold of a running process (or of our own child that has ended); nil when there is none of that id.
    init?(_ id: pid_t) {
        let number = wirebuddy_pidfd_open(id)
        guard number >= 0 else { return nil }
        self.id = id
        descriptor = Descriptor(number)
    }

    /// Waits until the process has ended; -1 = without limit.
    ///
    /// - Returns: whether it has. A child of ours is reaped then.
    func waitForEnd(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        while true {
            let count = unsafe poll(&entry, 1, milliseconds)
            if count < 0, Glibc.errno == EINTR { continue }
            guard count > 0 else { return false }
            // Not our child, or reaped already: nothing to do.
            var status: Int32 = 0
            unsafe waitpid(id, &status, WNOHANG)
            return true
        }
    }

    /// Whether the process has ended.
    var hasEnded: Bool { waitForEnd(milliseconds: 0) }

    /// Asks the process to end, and kills it when it doesn't within two seconds.
    func end() {
        for signal in [SIGTERM, SIGKILL] {
            _ = wirebuddy_pidfd_send_signal(descriptor.number, signal)
            if waitForEnd(milliseconds: 2000) { return }
        }
    }

    /// The network namespace the process lives in; nil when that can't be seen.
    var networkNamespace: UInt64? { Self.networkNamespace(ofProcess: String(id)) }

    /// The network namespace of the thread that asks.
    static var ownNetworkNamespace: UInt64? { networkNamespace(ofProcess: "thread-self") }

    private static func networkNamespace(ofProcess process: String) -> UInt64? {
        var status = stat()
        guard unsafe stat("/proc/\(process)/ns/net", &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }

    /// Whether the process has the socket with this inode open.
    func holds(socketInode: UInt64) -> Bool { Self.holds(id, socketInode) }

    /// A process of this pid namespace that has the socket open, looked for from the lowest id.
    static func holder(ofSocketInode inode: UInt64) -> ProcessHandle? {
        Directory.names(in: "/proc").compactMap { pid_t($0) }.sorted().lazy.filter { holds($0, inode) }
            .compactMap { ProcessHandle($0) }.first { $0.holds(socketInode: inode) }
    }

    private static func holds(_ id: pid_t, _ inode: UInt64) -> Bool {
        let wanted = "socket:[\(inode)]"
        let path = "/proc/\(id)/fd"
        var buffer = [CChar](repeating: 0, count: 64)
        return Directory.names(in: path).contains { name in
            let count = unsafe readlink("\(path)/\(name)", &buffer, buffer.count - 1)
            return count > 0
                && String(decoding: buffer[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) == wanted
        }
    }
}
