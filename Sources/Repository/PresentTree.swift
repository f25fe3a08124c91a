import Glibc
public import Manifest
public import Model
public import Reconciler

extension ConfigurationRepository {
    /// The files as they are now, uncommitted edits included, also where they aren't valid as a whole; those of the head
    /// where there is no worktree.
    ///
    /// - Throws: ``RevisionFailure/unreadable(_:)``.
    public func presentTree(now: Timestamp) async throws(RevisionFailure) -> ManifestTree {
        if let files = try await presentFiles(now: now) {
            let directory = directory
            return ManifestTree(files: files, dnsSyntax: dnsSyntax) { path in
                let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
                return try SteadyFile.read(Array(path.utf8), in: root.descriptor).bytes
            }
        }
        return try await tree(now: now).tree
    }

    /// Nil for a bare repository.
    private func presentFiles(now: Timestamp) async throws(RevisionFailure) -> [ParsedFile]? {
        await turns.take()
        defer { turns.give() }
        switch try place() {
        case .directory: return written.parsed(try await readFiles(now: now).entries)
        case .worktree: return previewed.parsed(try await readPreview(now: now).entries)
        case .bare: return nil
        }
    }
}
