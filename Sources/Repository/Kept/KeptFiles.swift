import Glibc

/// Copies of the files of a plain directory.
enum KeptFiles {
    /// From so many new files on, the file system is brought to the disk as a whole.
    private static let many = 64

    /// Copies files, with the folders they are in, and waits until they are on disk. Those that an earlier copy has just so get a
    /// second name there: nobody writes to a copy.
    ///
    /// - Parameter known: The folder of that copy; nil: there is none.
    static func copy(_ entries: [TreeEntry], from directory: String, to target: String, like known: String?) throws {
        let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
        try makeFolder(target)
        var folders: Set<String> = []
        var written = 0
        for entry in entries {
            let path = String(decoding: entry.path, as: UTF8.self)
            var folder = target
            for part in path.split(separator: "/").dropLast() {
                folder += "/\(part)"
                if folders.insert(folder).inserted { try makeFolder(folder) }
            }
            let bytes = try SteadyFile.read(entry.path, in: root.descriptor).bytes
            if let known, holds("\(known)/\(path)", bytes),
                (try? FileOperation.link("\(known)/\(path)", as: "\(target)/\(path)")) != nil
            {
                continue
            }
            written += 1
            try NewFile.write(bytes, to: "\(target)/\(path)", mode: 0o600, isDurable: written <= many)
        }
        if written > many { try FileOperation.sync(OpenFile(Array(target.utf8), O_RDONLY | O_DIRECTORY)) }
        for folder in folders { try settle(folder) }
        try settle(target)
    }

    /// Whether a file has this content.
    private static func holds(_ path: String, _ bytes: [UInt8]) -> Bool {
        guard let file = try? OpenFile(Array(path.utf8), O_RDONLY | O_NOFOLLOW) else { return false }
        return (try? file.readToEnd(expecting: bytes.count, limit: bytes.count + 1)) == bytes
    }

    /// The newest copy in a folder; nil where there is none.
    static func newest(in folder: String) throws(FileFailure) -> String? {
        var newest: (path: String, at: Int)?
        for name in try names(in: folder) where name.hasPrefix("sha-") {
            let path = "\(folder)/\(name)"
            guard let status = try OpenFile.status(of: path) else { continue }
            if status.st_ctim.tv_sec >= newest?.at ?? 0 { newest = (path, status.st_ctim.tv_sec) }
        }
        return newest?.path
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
