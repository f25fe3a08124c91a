import Glibc

/// Small files of the list directory.
enum StoreFile {
    /// The contents; nil if there is no file.
    static func read(_ path: String, limit: Int) throws(ListStoreFault) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .last(path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe pread(descriptor, &bytes, limit, 0)
        guard count >= 0 else { throw .last(path) }
        return Array(bytes.prefix(count))
    }

    /// Makes `bytes` the contents, 0600: written beside the old ones, brought to disk, renamed.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ListStoreFault) {
        let temporary = path + ".new"
        unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last(temporary) }
        defer { close(descriptor) }
        let isWritten = unsafe write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        guard isWritten, unsafe rename(temporary, path) == 0 else { throw .last(path) }
    }

    /// Deletes a file; none is none.
    static func remove(_ path: String) throws(ListStoreFault) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last(path) }
    }

    /// Creates a directory and those above it, 0700.
    static func makeDirectory(_ path: String) throws(ListStoreFault) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .last(path)
        }
        try makeDirectory(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 else { throw .last(path) }
    }

    /// The names in a directory.
    static func names(in path: String) throws(ListStoreFault) -> [String] {
        guard let directory = unsafe opendir(path) else { throw .last(path) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }
}
