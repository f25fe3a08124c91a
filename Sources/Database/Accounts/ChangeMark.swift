import Glibc
import Synchronization

/// A number in a small file that differs after every change of something, so that other processes find out at the cost
/// of one `pread(2)`. The file appears with the first change.
final class ChangeMark: Sendable {
    private let path: String
    private let file = Mutex<OpenFile?>(nil)

    init(path: String) {
        self.path = path
    }

    /// The number; 0 before the first change.
    func value() throws(FileFailure) -> UInt64 {
        try file.withLock { file throws(FileFailure) in
            try open(&file, O_RDWR)
            guard let bytes = try file?.contents(limit: 8), bytes.count == 8 else { return 0 }
            return bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// Sets a number that was not there before. Called after the change is on disk.
    func change() throws(FileFailure) {
        try file.withLock { file throws(FileFailure) in
            try open(&file, O_RDWR | O_CREAT)
            let number = UInt64.random(in: 1...UInt64.max)
            try file?.replaceContents((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
        }
    }

    private func open(_ file: inout OpenFile?, _ flags: Int32) throws(FileFailure) {
        switch file {
        case .some: return
        case .none: break
        }
        do throws(FileFailure) {
            file = try OpenFile(path, flags, mode: 0o600)
        } catch {
            guard error.code == ENOENT, flags & O_CREAT == 0 else { throw error }
        }
    }
}
