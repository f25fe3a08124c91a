import Glibc
import Manifest

/// A file that was read while nobody wrote it.
struct SteadyFile {
    let bytes: [UInt8]
    let stamp: FileStamp

    /// How often a file is read again when it changed meanwhile, and the pause before that.
    private static let attempts = 40
    private static let pause: UInt32 = 25_000

    /// Reads a file below the open directory `root`. One that changed while it was read, or so lately that another write could leave the
    /// same time stamp, is read again after a pause; one that never rests is a failure.
    static func read(_ path: [UInt8], in root: Int32) throws(DirectoryFailure) -> SteadyFile {
        do throws(FileFailure) {
            for attempt in 0..<attempts {
                if attempt > 0 { usleep(pause) }
                // Non-blocking, so that a pipe put in its place is seen below instead of waited for.
                let file = try OpenFile(in: root, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
                let status = try file.status()
                guard status.isRegular else { throw FileFailure(code: EINVAL) }
                let before = FileStamp(status)
                if before.isYoung { continue }
                // One byte more than the largest file: the parser then says that it is too large.
                let bytes = try file.readToEnd(expecting: Int(before.size), limit: Manifest.maximumFileSize + 1)
                let after = FileStamp(try file.status())
                // Another file may have got the name meanwhile; its stamp is the one the next look compares.
                if after == before, before.size == Int64(bytes.count) || bytes.count > Manifest.maximumFileSize {
                    return SteadyFile(bytes: bytes, stamp: before)
                }
            }
        } catch {
            throw DirectoryFailure(path, error)
        }
        throw DirectoryFailure(path, "it is being written all the time: try again when its writer is done")
    }
}

extension SteadyFile {
    /// Reads a file below a directory; one with another stamp than the expected one is a failure.
    static func read(
        _ path: [UInt8], below directory: String, expecting stamp: FileStamp? = nil
    ) throws(DirectoryFailure) -> [UInt8] {
        var isChanged = false
        do throws(FileFailure) {
            let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
            let file = try OpenFile(in: root.descriptor, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let bytes = try file.readToEnd(
                expecting: Int(try file.status().st_size), limit: Manifest.maximumFileSize + 1)
            if let stamp { isChanged = FileStamp(try file.status()) != stamp }
            if !isChanged { return bytes }
        } catch {
            throw DirectoryFailure(path, error)
        }
        throw DirectoryFailure(path, "it was changed meanwhile: try again")
    }
}
