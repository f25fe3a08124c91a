import DNSPolicy
import Glibc
import Model

/// The text of a list while it comes, in a file without a name: nothing is left of it after a crash.
final class ListDraft: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Makes the file in the directory of the lists.
    init(in directory: String) throws(ListStoreFault) {
        path = "\(directory)/text.new"
        unsafe unlink(path)
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last(path) }
        unsafe unlink(path)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Appends to the text.
    func append(_ piece: [UInt8]) throws(ListStoreFault) {
        var rest = piece[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw .last(path) }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    /// Calls `body` with the text piece by piece.
    func read(_ body: ([UInt8]) throws -> Void) throws {
        var start = 0
        while true {
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                count = max(unsafe pread(descriptor, buffer.baseAddress, buffer.count, start), 0)
            }
            if piece.isEmpty { break }
            start += piece.count
            try body(piece)
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_size == start else { throw ListStoreFault.last(path) }
    }
}
