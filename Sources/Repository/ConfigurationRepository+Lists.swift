import Glibc
public import Model
public import Reconciler

/// Reading other files than manifests: the texts of blocklists.
extension ConfigurationRepository {
    /// The content of a file of a commit, or of a plain directory's file.
    ///
    /// - Parameters:
    ///   - path: relative to the top of the repository.
    ///   - commit: nil: the head of the branch. Plain directories have no commits.
    ///   - limit: no more than so many bytes are returned.
    /// - Throws: ``RevisionFailure/unreadable(_:)``, also when there is no such file.
    public func file(_ path: String, at commit: String? = nil, limit: Int, now: Timestamp) async throws(RevisionFailure)
        -> [UInt8]
    {
        await turns.take()
        defer { turns.give() }
        switch try place() {
        case .directory: return try presentContent(path, limit)
        case .worktree(let identity), .bare(let identity):
            let head = try await readHead(identity, now: now).commit
            let commit = commit ?? "\(head)"
            do {
                guard let object = try reader?.objects.object(Array("\(commit):\(path)".utf8)), object.type == "blob"
                else { throw RevisionFailure.unreadable("\(path) is not in commit \(commit)") }
                return Array(object.content.prefix(limit))
            } catch let failure as RevisionFailure {
                throw failure
            } catch {
                throw .unreadable("\(path): \(error)")
            }
        }
    }

    /// The content of a file as it is now, committed or not.
    ///
    /// - Throws: ``RevisionFailure/unreadable(_:)``, also when there is no such file and for a bare repository.
    public func presentFile(_ path: String, limit: Int) async throws(RevisionFailure) -> [UInt8] {
        await turns.take()
        defer { turns.give() }
        if case .bare = try place() {
            throw .unreadable("\(directory) is a bare repository: it has no worktree to look at")
        }
        return try presentContent(path, limit)
    }

    /// No folder on the way and no file is a symbolic link, so that nothing outside the repository is read.
    private func presentContent(_ path: String, _ limit: Int) throws(RevisionFailure) -> [UInt8] {
        do throws(FileFailure) {
            let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
            let bytes = Array(path.utf8)
            guard let folder = try FolderPath.open(below: root, of: bytes, making: false, owner: nil) else {
                throw FileFailure(code: ENOENT)
            }
            let file = try OpenFile(
                in: folder.descriptor, FolderPath.name(of: bytes), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try file.status()
            guard status.isRegular else { throw FileFailure(code: EINVAL) }
            return try file.readToEnd(expecting: Int(status.st_size), limit: limit)
        } catch {
            throw .unreadable("\(path) can't be read: \(error)")
        }
    }
}
