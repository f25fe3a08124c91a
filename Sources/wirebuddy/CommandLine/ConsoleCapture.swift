import Glibc
import Synchronization

/// What a command writes, kept for somebody else's terminal.
final class ConsoleCapture: Sendable {
    private let written = Mutex<[Int32: [UInt8]]>([:])

    func write(_ bytes: [UInt8], to descriptor: Int32) {
        written.withLock { $0[descriptor, default: []] += bytes }
    }

    /// What went to standard output.
    var results: String { text(STDOUT_FILENO) }

    /// What went to standard error.
    var messages: String { text(STDERR_FILENO) }

    private func text(_ descriptor: Int32) -> String {
        written.withLock { String(decoding: $0[descriptor] ?? [], as: UTF8.self) }
    }
}
