import Glibc

/// Copies of the files of a plain directory.
enum KeptFiles {
    /// Copies files, with the folders they are in, and waits until they are on disk.
    static func copy(_ entries: [TreeEntry], from directory: String, to target: String) throws {
        let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
        try makeFolder(target)
        for entry in entries {
            let path = String(decoding: entry.path, as: UTF8.self)
            var folder = target
            for part in path.split(separator: "/").dropLast() {
                folder += "/\(part)"
                try makeFolder(folder)
            }
            let bytes = try SteadyFile.read(entry.path, in: root.descriptor).bytes
            try NewFile.write(bytes, to: "\(target)/\(path)", mode: 0o600, isDurable: true)
        }
        try settle(target)
    }

    /// Waits until a folder is on disk.
    static func settle(_ folder: String) throws(FileFailure) {
        let file = try OpenFile(Array(folder.utf8), O_RDONLY | O_DIRECTORY)
        guard fsync(file.descriptor) == 0 else { throw .last }
    }

    /// What is in a folder; empty when there is none.
    static func names(in folder: String) throws(FileFailure) -> [String] {
        guard let stream = unsafe opendir(folder) else {
            if errno == ENOENT { return [] }
            throw .last
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe $0.prefix { $0 != 0 }.map { $0 } }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names.filter { $0 != "." && $0 != ".." }
    }

    /// Removes a folder with everything in it; a missing one is fine.
    static func remove(_ path: String) throws(FileFailure) {
        if unsafe unlink(path) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw .last }
        for name in try names(in: path) { try remove("\(path)/\(name)") }
        guard unsafe rmdir(path) == 0 else { throw .last }
    }

    private static func makeFolder(_ path: String) throws(FileFailure) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last }
    }
}
