import Glibc
import Model

/// A directory of key files, 0700, changed by one process at a time. Files appear and are replaced at once, on disk.
struct KeyDirectory: Sendable {
    let path: String

    /// Runs `body` with the open directory while nobody else changes it; makes the directory if it is missing.
    ///
    /// - Throws: ``SecretFailure``; `what` begins its message.
    func locked<Value>(
        _ what: String, _ body: (borrowing OpenFile) throws -> Value
    ) throws(SecretFailure) -> Value {
        do {
            try Self.make(path)
            let folder = try OpenFile(path, O_RDONLY | O_DIRECTORY)
            while flock(folder.descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw FileFailure.last } }
            return try body(folder)
        } catch let failure as FileFailure {
            throw refusal(what, "can't be stored", failure)
        } catch let failure as SecretFailure {
            throw failure
        } catch {
            throw SecretFailure("\(what): \(error)")
        }
    }

    /// The failure of a file, with what to do.
    func refusal(_ what: String, _ verb: String, _ failure: FileFailure) -> SecretFailure {
        let advice =
            switch failure.code {
            case EROFS: ": the state directory must be writable, choose another one with --state"
            case ENOSPC, EDQUOT: ": make room on the disk of the state directory"
            case EACCES, EPERM: ": run as root, or choose a state directory of yours with --state"
            default: ""
            }
        return SecretFailure("\(what) \(verb) in \(path): \(failure.reason)\(advice)")
    }

    /// Stores a key as a file of the locked directory, 0600; one of that name is replaced.
    static func store(_ key: SecretKey, in folder: borrowing OpenFile, as name: String) throws(FileFailure) {
        let temporary = ".\(name).new"
        // One left by a process that was killed: nobody uses its key, and we hold the lock.
        guard unsafe unlinkat(folder.descriptor, temporary, 0) == 0 || errno == ENOENT else { throw .last }
        do throws(FileFailure) {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
            let file = try OpenFile(in: folder.descriptor, temporary, flags, mode: 0o600)
            var text = Array(key.exposedText().utf8) + [UInt8(ascii: "\n")]
            defer { for index in text.indices { text[index] = 0 } }
            try file.writeDurably(text)
            try rename(temporary, to: name, in: folder)
        } catch {
            _ = unsafe unlinkat(folder.descriptor, temporary, 0)
            throw error
        }
    }

    /// Gives a file of the locked directory another name, replacing what bears it. On disk when it returns.
    static func rename(_ name: String, to other: String, in folder: borrowing OpenFile) throws(FileFailure) {
        guard unsafe renameat(folder.descriptor, name, folder.descriptor, other) == 0, fsync(folder.descriptor) == 0
        else { throw .last }
    }

    /// Creates a directory and its missing parents, 0700, each on disk.
    private static func make(_ path: String) throws(FileFailure) {
        if unsafe mkdir(path, 0o700) == 0 {
            let parent = try OpenFile(self.parent(of: path), O_RDONLY | O_DIRECTORY)
            guard fsync(parent.descriptor) == 0 else { throw .last }
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT where parent(of: path) != path:
            try make(parent(of: path))
            try make(path)
        default: throw .last
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
