import Glibc

/// One file on disk that is to become another, as long as nobody else changed it.
struct FileReplacement {
    /// Relative to the root.
    let path: [UInt8]
    /// The contents that are ours to replace; a nil among them: there may be no file.
    var old: [[UInt8]?]
    /// The content it gets; nil deletes it.
    let new: [UInt8]?
    let isExecutable: Bool

    /// What came of it.
    enum Outcome: Hashable {
        case done
        /// Somebody else's text stands there, and stays.
        case left
    }

    /// Whether what stands there is ours to replace.
    func isClean(below root: borrowing OpenFile) throws(FileFailure) -> Bool {
        guard let folder = try FolderPath.open(below: root, of: path, making: false, owner: nil) else {
            return old.contains(nil)
        }
        let present = try Self.content(FolderPath.name(of: path), in: folder, like: self)
        return present == .absent ? old.contains(nil) : present == .ours
    }

    /// Makes the replacement; `staged` is a file with the new content in the folder `staging`, which holds the old one
    /// afterwards.
    func install(
        _ staged: [UInt8], in staging: borrowing OpenFile, below root: borrowing OpenFile, owner: FileOwner?
    ) throws(FileFailure) -> Outcome {
        guard let folder = try FolderPath.open(below: root, of: path, making: new != nil, owner: owner) else {
            return .done
        }
        let name = FolderPath.name(of: path)
        switch try Self.content(name, in: folder, like: self) {
        case .new: return .done
        case .other: return .left
        case .absent:
            guard new != nil else { return .done }
            guard old.contains(nil) else { return .left }
            do throws(FileFailure) {
                try RenameExchange.move(staged, in: staging.descriptor, to: name, in: folder.descriptor)
            } catch  where error.code == EEXIST {
                return .left
            }
        case .ours:
            if new != nil {
                try RenameExchange.exchange(staged, in: staging.descriptor, name, in: folder.descriptor)
            } else {
                try RenameExchange.move(name, in: folder.descriptor, to: staged, in: staging.descriptor)
            }
            // Between our look and the exchange somebody may have saved the file: then it goes back.
            guard try Self.content(staged, in: staging, like: self) == .other else { break }
            if new != nil {
                try RenameExchange.exchange(staged, in: staging.descriptor, name, in: folder.descriptor)
            } else {
                try RenameExchange.move(staged, in: staging.descriptor, to: name, in: folder.descriptor)
            }
            return .left
        }
        if new == nil { FolderPath.removeEmpty(below: root, of: path) }
        return .done
    }

    private enum Present { case absent, ours, new, other }

    private static func content(
        _ name: [UInt8], in folder: borrowing OpenFile, like replacement: FileReplacement
    ) throws(FileFailure) -> Present {
        let file: OpenFile
        do throws(FileFailure) {
            file = try OpenFile(in: folder.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            switch error.code {
            case ENOENT: return .absent
            case ELOOP, ENXIO, EACCES: return .other
            default: throw error
            }
        }
        let status = try file.status()
        guard status.isRegular else { return .other }
        let bytes = try file.readToEnd(expecting: Int(status.st_size), limit: 64 << 20)
        if replacement.old.contains(bytes) { return .ours }
        return bytes == replacement.new ? .new : .other
    }
}
