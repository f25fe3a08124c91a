import CMemoryFile
import Glibc
public import Subprocess

/// What a program reads or writes, as a file in memory without a name (man 2 memfd_create).
///
/// A pipe of the library would do, too; but with each program that it served the library keeps some 60 bytes for ever
/// (swift-subprocess 1.0.2: a registration's process stays), and the daemon runs programs for months.
public final class MemoryFile: Sendable {
    /// The file as the input of a program. It has to live until the program has started (`withExtendedLifetime`).
    public let input: FileDescriptorInput
    /// The file as the output of a program. It has to live until the program has started.
    public let output: FileDescriptorOutput

    private let descriptor: Int32
    private let limit: Int

    /// More than a program may write at once: what it wrote beyond the limit is seen before the file ends.
    private static let slack = 4 << 20

    /// A file for what a program writes, beginning with nothing.
    ///
    /// - Parameter limit: how many bytes it may write. Not much later its writing fails (EPERM).
    /// - Throws: ``MemoryFileFailure`` when the system has no memory or descriptor for it.
    public convenience init(limit: Int) throws(MemoryFileFailure) {
        try self.init(length: limit + Self.slack, limit)
        guard fcntl(descriptor, wirebuddy_F_ADD_SEALS, wirebuddy_F_SEAL_GROW) == 0 else { throw .last("fcntl") }
    }

    /// A file of these bytes for a program to read, from its beginning or by its name `/dev/stdin`.
    ///
    /// - Throws: ``MemoryFileFailure`` when the system has no memory or descriptor for it.
    public convenience init(_ bytes: [UInt8]) throws(MemoryFileFailure) {
        try self.init(length: 0, bytes.count)
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe pwrite(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start, off_t(start))
            }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw .last("pwrite")
            }
            start += count
        }
    }

    private init(length: Int, _ limit: Int) throws(MemoryFileFailure) {
        let number = unsafe memfd_create("program", wirebuddy_MFD_CLOEXEC | wirebuddy_MFD_ALLOW_SEALING)
        guard number >= 0, let input = Self.input(number), let output = Self.output(number) else {
            throw .last("memfd_create")
        }
        (descriptor, self.limit, self.input, self.output) = (number, limit, input, output)
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw .last("ftruncate") }
    }

    deinit { close(descriptor) }

    private static func input(_ number: CInt) -> FileDescriptorInput? {
        value(number).map { .fileDescriptor($0, closeAfterSpawningProcess: false) }
    }

    private static func output(_ number: CInt) -> FileDescriptorOutput? {
        value(number).map { .fileDescriptor($0, closeAfterSpawningProcess: false) }
    }

    /// A descriptor as the library has it: the module of its type is none that we import.
    private static func value<Value: RawRepresentable<CInt>>(_ number: CInt) -> Value? { Value(rawValue: number) }

    /// What a program wrote, once it has ended.
    ///
    /// - Throws: ``MemoryFileFailure`` when that is more than the limit.
    public func written() throws(MemoryFileFailure) -> [UInt8] {
        // Who writes moves the place that its descriptor shares with ours.
        let count = Int(lseek(descriptor, 0, SEEK_CUR))
        guard count >= 0 else { throw .last("lseek") }
        guard count <= limit else { throw MemoryFileFailure("it wrote more than \(limit) bytes") }
        // An array without room is one that all threads share, which the initializer below would write its count into.
        guard count > 0 else { return [] }
        var start = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while start < count {
                let piece = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: start), count - start, off_t(start))
                if piece < 0, errno == EINTR { continue }
                guard piece > 0 else { break }
                start += piece
            }
            filled = start
        }
        guard start == count else { throw .last("pread") }
        return bytes
    }
}

/// Why a file in memory can't be had, or what is wrong with what it holds.
public struct MemoryFileFailure: Error, CustomStringConvertible {
    /// In words.
    public let description: String

    init(_ description: String) { self.description = description }

    static func last(_ call: String) -> MemoryFileFailure {
        let number = errno
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        return MemoryFileFailure("\(call): \(reason)")
    }
}
