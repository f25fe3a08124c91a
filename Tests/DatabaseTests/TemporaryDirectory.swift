import Foundation

/// A directory of one test, removed with all its contents when the test ends, also on failure.
final class TemporaryDirectory {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What changes when anything below the directory is written: names, sizes, inodes and times in nanoseconds.
    func fingerprint(of folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted().map { name in
            var status = stat()
            _ = unsafe lstat("\(path)/\(folder)/\(name)", &status)
            let (modified, changed) = (status.st_mtim, status.st_ctim)
            return "\(name) \(status.st_size) \(status.st_ino) \(modified.tv_sec).\(modified.tv_nsec)"
                + " \(changed.tv_sec).\(changed.tv_nsec)"
        }
    }

    func mode(of name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }
}

/// A small file system of its own (tmpfs, root only), unmounted when it goes.
final class SmallDisk {
    let path: String
    private let directory: TemporaryDirectory

    /// Nil where mounting is not allowed.
    init?(kilobytes: Int) throws {
        directory = try TemporaryDirectory()
        path = directory.path
        guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k,mode=700") == 0 else { return nil }
    }

    /// Makes the whole file system read-only. A program that another test starts at this moment holds our files for as
    /// long as it takes to begin, and keeps the file system busy.
    func makeReadOnly() -> Bool {
        for _ in 0..<100 {
            if unsafe mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 { return true }
            guard errno == EBUSY else { return false }
            usleep(20_000)
        }
        return false
    }

    deinit { _ = unsafe umount2(path, Int32(MNT_DETACH)) }
}
