import Glibc
import Netlink

/// Wakes a thread that waits in `poll`.
final class WakePipe: Sendable {
    /// Readable after a signal.
    let reader: Int32
    private let writer: Int32

    init() throws(NetlinkError) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw .system(call: "pipe", errno: Glibc.errno) }
        (reader, writer) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        _ = close(reader)
        _ = close(writer)
    }

    /// Makes the reader readable; a full pipe is so already.
    func signal() {
        var byte: UInt8 = 0
        _ = unsafe write(writer, &byte, 1)
    }

    /// Takes all signals away.
    func drain() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while unsafe read(reader, &buffer, buffer.count) > 0 {}
    }
}
