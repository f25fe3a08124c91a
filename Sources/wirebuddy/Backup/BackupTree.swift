import FoundationEssentials
import Glibc
import Reconciler

/// The files of a backup below a directory.
enum BackupTree {
    /// The paths of all files, sorted; directories are not told.
    ///
    /// - Throws: ``CommandFailure``, also when there is anything but files and directories.
    static func files(below directory: String) throws(CommandFailure) -> [String] {
        let paths: [String]
        do {
            paths = try FileManager.default.subpathsOfDirectory(atPath: directory).sorted()
        } catch {
            throw CommandFailure(.error, "\(directory) can't be read: \(SystemError(errno))")
        }
        var files: [String] = []
        for path in paths {
            var status = stat()
            guard unsafe lstat("\(directory)/\(path)", &status) == 0 else {
                throw CommandFailure(.error, "\(directory)/\(path) can't be read: \(SystemError(errno))")
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG: files.append(path)
            case S_IFDIR: continue
            default: throw CommandFailure(.error, "\(path) is neither a file nor a directory, which no backup holds")
            }
        }
        return files
    }

    /// Whether a directory holds nothing, or is not there.
    static func isEmpty(_ directory: String) -> Bool {
        guard unsafe access(directory, F_OK) == 0 else { return true }
        return ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? ["?"]).isEmpty
    }
}
