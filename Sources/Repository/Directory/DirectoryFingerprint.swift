import Glibc

/// The stamps of all folders and configuration files of a directory, to see at one `stat` each that nothing changed.
struct DirectoryFingerprint {
    /// All paths relative to the root, each ended by NUL.
    private var paths: [CChar] = []
    private var starts: [Int] = []
    private var stamps: [FileStamp] = []

    /// The fingerprint of what a scan listed. Nil when something in it could change without another stamp: a folder that
    /// changed a moment before it was listed, or an entry that is not followed.
    init?(_ scan: DirectoryScan) {
        guard scan.listing.refused.isEmpty else { return nil }
        for folder in scan.folders {
            guard let stamp = folder.stamp else { return nil }
            append(folder.path.isEmpty ? [UInt8(ascii: ".")] : folder.path, stamp)
        }
        for entry in scan.listing.entries {
            guard case .file(let stamp) = entry.content else { return nil }
            append(entry.path, stamp)
        }
    }

    /// Whether everything below `root` is as it was.
    func isCurrent(below root: String) -> Bool {
        guard let folder = try? OpenFile(Array(root.utf8), O_RDONLY | O_DIRECTORY) else { return false }
        var status = stat()
        return unsafe paths.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            for (start, stamp) in zip(starts, stamps) {
                let result = unsafe fstatat(folder.descriptor, base + start, &status, AT_SYMLINK_NOFOLLOW)
                guard result == 0, FileStamp(status) == stamp else { return false }
            }
            return true
        }
    }

    private mutating func append(_ path: [UInt8], _ stamp: FileStamp) {
        starts.append(paths.count)
        stamps.append(stamp)
        paths += path.lazy.map(CChar.init(bitPattern:))
        paths.append(0)
    }
}
