internal import CLibMaxMindDB
import Glibc

/// A file's contents in memory of this process alone.
///
/// The library maps what it reads. Were that the user's file, one that is cut short while it is mapped would end the process
/// (SIGBUS) at the next look-up, and `cp` over an old file does that.
struct GeoFileCopy: ~Copyable {
    /// The largest file that is taken, in bytes: the databases of cities have less than 200 MB.
    static let limit: Int64 = 1 << 30

    private let descriptor: Int32
    /// The state of the file that was copied.
    let stamp: GeoFileStamp

    /// Copies a file.
    ///
    /// - Throws: ``GeoFileFault``, also when the file was written to meanwhile.
    init(of path: String) throws(GeoFileFault) {
        // A FIFO must not keep us waiting.
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard source >= 0 else { throw .system("open") }
        defer { close(source) }
        let before = try GeoFileStamp(descriptor: source)
        guard before.isRegular else { throw GeoFileFault("it is no regular file") }
        guard before.size <= Self.limit else { throw GeoFileFault("it is larger than \(Self.limit) bytes") }
        let memory = unsafe memfd_create("geoip", wirebuddy_MFD_CLOEXEC)
        guard memory >= 0 else { throw .system("memfd_create") }
        do throws(GeoFileFault) {
            try Self.copy(source, to: memory)
            guard try GeoFileStamp(descriptor: source) == before else {
                throw GeoFileFault("it is being written: it is read again when it has changed")
            }
        } catch {
            close(memory)
            throw error
        }
        descriptor = memory
        stamp = before
    }

    deinit { close(descriptor) }

    /// The path by which this process opens the copy.
    var path: String { "/proc/self/fd/\(descriptor)" }

    private static func copy(_ source: Int32, to memory: Int32) throws(GeoFileFault) {
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        var total: Int64 = 0
        while true {
            let count = unsafe read(source, &buffer, buffer.count)
            if count < 0 {
                guard errno == EINTR else { throw .system("read") }
                continue
            }
            guard count > 0 else { return }
            total += Int64(count)
            guard total <= limit else { throw GeoFileFault("it is larger than \(limit) bytes") }
            var written = 0
            while written < count {
                let step = unsafe buffer.withUnsafeBytes {
                    unsafe write(memory, $0.baseAddress?.advanced(by: written), count - written)
                }
                if step < 0 {
                    guard errno == EINTR else { throw .system("write") }
                    continue
                }
                written += step
            }
        }
    }
}
