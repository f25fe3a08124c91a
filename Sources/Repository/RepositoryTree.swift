public import Manifest
public import Model
public import Reconciler

/// The files of one revision, for who looks at objects and not at the whole.
public struct RepositoryTree: Sendable {
    /// A commit id; `sha-…` for a plain directory.
    public let revision: String
    /// Its files; their bytes are read when somebody asks.
    public let tree: ManifestTree
    /// Why the revision can't be used, rendered; empty when it can.
    public let problems: [String]
}

extension ConfigurationRepository {
    /// The files of the head, also of one that isn't valid.
    ///
    /// - Throws: ``RevisionFailure/unreadable(_:)``.
    public func tree(now: Timestamp) async throws(RevisionFailure) -> RepositoryTree {
        let loaded = try await load(now: now)
        if let ownHead, ownHead.loaded.id == loaded.id {
            return RepositoryTree(revision: loaded.id, tree: ownHead.tree, problems: [])
        }
        let snapshot = try await snapshot(of: ObjectName(hexadecimal: Array(loaded.id.utf8)), now: now)
        let base = WriterBase(snapshot, commit: nil, contents: ContentSource(git, directory: directory))
        let errors = snapshot.loaded.problems.filter { $0.severity == .error }
        return RepositoryTree(revision: snapshot.loaded.id, tree: base.tree, problems: errors.map { $0.render() })
    }
}
