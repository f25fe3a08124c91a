import Glibc

/// Lists the configuration files below a directory without reading them.
struct DirectoryScan {
    private(set) var listing = TreeListing()
    /// Every folder that was looked into.
    private(set) var folders: [Folder] = []

    /// A folder.
    struct Folder {
        /// Relative to the root; the root is empty.
        let path: [UInt8]
        /// The stamp under which it was listed; nil when another change could have left the same one.
        let stamp: FileStamp?
    }

    /// Lists all of a directory. A folder that vanishes meanwhile is a failure like one that can't be read: what it held
    /// must not look deleted.
    static func list(_ root: String) throws(DirectoryFailure) -> DirectoryScan {
        var scan = DirectoryScan()
        do throws(FileFailure) {
            let folder = try OpenFile(Array(root.utf8), O_RDONLY | O_DIRECTORY)
            try scan.walk(folder, path: [], depth: 0)
        } catch {
            throw DirectoryFailure(scan.failing, error)
        }
        scan.listing.entries.sort { $0.path.lexicographicallyPrecedes($1.path) }
        scan.listing.refused.sort { $0.path.lexicographicallyPrecedes($1.path) }
        return scan
    }

    /// Lists the given paths below a directory; those that don't exist are left out.
    static func list(_ root: String, paths: [[UInt8]]) throws(DirectoryFailure) -> DirectoryScan {
        var scan = DirectoryScan()
        do throws(FileFailure) {
            let folder = try OpenFile(Array(root.utf8), O_RDONLY | O_DIRECTORY)
            for path in paths {
                scan.failing = path
                guard let status = try attributes(of: path, in: folder) else { continue }
                scan.add(path, status)
            }
        } catch {
            throw DirectoryFailure(scan.failing, error)
        }
        scan.listing.entries.sort { $0.path.lexicographicallyPrecedes($1.path) }
        return scan
    }

    private var failing: [UInt8] = []

    private mutating func walk(_ folder: borrowing OpenFile, path: [UInt8], depth: Int) throws(FileFailure) {
        failing = path
        let stamp = FileStamp(try folder.status())
        folders.append(Folder(path: path, stamp: stamp.isYoung ? nil : stamp))
        guard depth <= TreeListing.deepest else {
            listing.refused.append(RefusedEntry(path: path, reason: .tooDeep))
            return
        }
        for name in try names(in: folder) where !ConfigurationFileName.isHidden(name) {
            let child = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
            failing = child
            // Gone between listing and looking: the next look decides, this one must not guess.
            guard let status = try Self.attributes(of: name, in: folder) else { throw FileFailure(code: ENOENT) }
            if status.isDirectory {
                let below = try OpenFile(in: folder.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                try walk(below, path: child, depth: depth + 1)
            } else {
                add(child, status)
            }
        }
    }

    private mutating func add(_ path: [UInt8], _ status: stat) {
        if status.isLink {
            listing.refused.append(RefusedEntry(path: path, reason: .link))
        } else if ConfigurationFileName.isConfiguration(path) {
            if status.isRegular {
                listing.entries.append(TreeEntry(path: path, content: .file(FileStamp(status))))
            } else {
                listing.refused.append(RefusedEntry(path: path, reason: .special))
            }
        }
    }

    private static func attributes(of name: [UInt8], in folder: borrowing OpenFile) throws(FileFailure) -> stat? {
        var status = stat()
        let path = name.map(CChar.init(bitPattern:)) + [0]
        if unsafe fstatat(folder.descriptor, path, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        guard errno == ENOENT || errno == ENOTDIR else { throw .last }
        return nil
    }

    private func names(in folder: borrowing OpenFile) throws(FileFailure) -> [[UInt8]] {
        // The stream owns and closes the descriptor it is given.
        let copy = fcntl(folder.descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .last }
        guard let stream = unsafe fdopendir(copy) else {
            let failure = FileFailure.last
            close(copy)
            throw failure
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw .last }
                return names
            }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
                    unsafe [UInt8](UnsafeBufferPointer(start: start, count: strnlen(pointer.cString, 256)))
                }
            }
            names.append(name)
        }
    }
}

extension UnsafePointer {
    fileprivate var cString: UnsafePointer<CChar> { unsafe UnsafeRawPointer(self).assumingMemoryBound(to: CChar.self) }
}
