import Glibc
import Model

/// The private keys that the host generated: one file per interface in `<state>/keys`, 0600 in a directory of 0700.
struct InterfaceKeyStore: Sendable {
    /// The directory of the keys.
    let directory: String

    /// The stored key, or nil when there is none.
    func key(of interface: String) throws(SecretFailure) -> SecretKey? {
        try check(interface)
        do {
            return try KeyFile.read("\(directory)/\(interface)", what: "private key of interface \(interface)")
        } catch let failure as FileFailure {
            if failure.code == ENOENT { return nil }
            throw refusal(of: interface, "can't be read", failure)
        } catch let failure as SecretFailure {
            throw failure
        } catch {
            throw SecretFailure("private key of interface \(interface): \(error)")
        }
    }

    /// Generates and stores a key; one that exists is returned unchanged. The key is on disk when this returns.
    func makeKey(of interface: String) throws(SecretFailure) -> SecretKey {
        if let key = try key(of: interface) { return key }
        return try inLockedDirectory(for: interface) { folder in
            // Two processes that come at once must not both make a key: the later one finds the first one's.
            if let key = try key(of: interface) { return key }
            let key = KeyPair.generate().privateKey
            try Self.store(key, in: folder, as: interface)
            return key
        }
    }

    /// Stores a key that was made elsewhere. Another one that is there is kept as `<interface>.previous`.
    func keep(_ key: SecretKey, of interface: String) throws(SecretFailure) {
        if try self.key(of: interface) == key { return }
        try inLockedDirectory(for: interface) { folder in
            if let old = try self.key(of: interface), old != key {
                try Self.store(old, in: folder, as: "\(interface).previous")
            }
            try Self.store(key, in: folder, as: interface)
        }
    }

    private func inLockedDirectory<Value>(
        for interface: String, _ body: (borrowing OpenFile) throws -> Value
    ) throws(SecretFailure) -> Value {
        do {
            try Self.makeDirectory(directory)
            let folder = try OpenFile(directory, O_RDONLY | O_DIRECTORY)
            while flock(folder.descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw FileFailure.last } }
            return try body(folder)
        } catch let failure as FileFailure {
            throw refusal(of: interface, "can't be stored", failure)
        } catch let failure as SecretFailure {
            throw failure
        } catch {
            throw SecretFailure("private key of interface \(interface): \(error)")
        }
    }

    private static func store(_ key: SecretKey, in folder: borrowing OpenFile, as name: String) throws(FileFailure) {
        let temporary = ".\(name).new"
        // One left by a process that was killed: nobody uses its key, and we hold the lock.
        guard unsafe unlinkat(folder.descriptor, temporary, 0) == 0 || errno == ENOENT else { throw .last }
        do throws(FileFailure) {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
            let file = try OpenFile(in: folder.descriptor, temporary, flags, mode: 0o600)
            var text = Array(key.exposedText().utf8) + [UInt8(ascii: "\n")]
            defer { for index in text.indices { text[index] = 0 } }
            try file.writeDurably(text)
            guard unsafe renameat(folder.descriptor, temporary, folder.descriptor, name) == 0,
                fsync(folder.descriptor) == 0
            else { throw FileFailure.last }
        } catch {
            _ = unsafe unlinkat(folder.descriptor, temporary, 0)
            throw error
        }
    }

    /// Creates a directory and its missing parents, 0700, each on disk.
    private static func makeDirectory(_ path: String) throws(FileFailure) {
        if unsafe mkdir(path, 0o700) == 0 {
            let parent = try OpenFile(self.parent(of: path), O_RDONLY | O_DIRECTORY)
            guard fsync(parent.descriptor) == 0 else { throw .last }
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT where parent(of: path) != path:
            try makeDirectory(parent(of: path))
            try makeDirectory(path)
        default: throw .last
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A name that is a path would leave the directory. Names of catalogs never do; this is the last line.
    private func check(_ interface: String) throws(SecretFailure) {
        let isName =
            !interface.isEmpty && !interface.hasPrefix(".")
            && !interface.utf8.contains { $0 == UInt8(ascii: "/") || $0 <= UInt8(ascii: " ") }
        guard isName else { throw SecretFailure("private key: \"\(interface)\" is not the name of an interface") }
    }

    private func refusal(of interface: String, _ what: String, _ failure: FileFailure) -> SecretFailure {
        let advice =
            switch failure.code {
            case EROFS: ": the state directory must be writable, choose another one with --state"
            case ENOSPC, EDQUOT: ": make room on the disk of the state directory"
            case EACCES, EPERM: ": run as root, or choose a state directory of yours with --state"
            default: ""
            }
        return SecretFailure(
            "private key of interface \(interface) \(what) in \(directory): \(failure.reason)\(advice)")
    }
}
