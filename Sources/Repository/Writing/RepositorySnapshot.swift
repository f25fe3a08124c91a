import Manifest
import Model
import Reconciler

/// A state of the repository with all its files, as a writer needs it.
struct RepositorySnapshot: Sendable {
    let loaded: LoadedRevision
    let entries: [TreeEntry]
    let files: [ParsedFile]
    /// The tree of the commit and its folders; nil in a plain directory.
    let root: ObjectName?
    let folders: [ObjectName: [GitTreeEntry]]
    /// Judges the DNS rules of what is written next.
    let dnsSyntax: any DNSRuleSyntax
}

extension ConfigurationRepository {
    /// The state of a commit, or of the files of a plain directory (nil).
    ///
    /// - Throws: ``RevisionFailure/unreadable(_:)``.
    func snapshot(of commit: ObjectName?, now: Timestamp) async throws(RevisionFailure) -> RepositorySnapshot {
        await turns.take()
        defer { turns.give() }
        switch try place() {
        case .directory:
            let state = try await readFiles(now: now)
            return RepositorySnapshot(
                loaded: state.loaded, entries: state.entries, files: written.parsed(state.entries), root: nil,
                folders: [:], dnsSyntax: dnsSyntax)
        case .worktree(let identity), .bare(let identity):
            // Starts the reader, and brings the cache to the head.
            let state = try await readHead(identity, now: now)
            guard let objects = reader?.objects, let commit else { throw .unreadable("\(directory) can't be read") }
            do throws(GitFailure) {
                let root: ObjectName
                let loaded: LoadedRevision
                if state.commit == commit, listedTree == state.tree, committed.holds(listing.entries) {
                    (root, loaded) = (state.tree, state.loaded)
                } else {
                    guard let object = try objects.object(commit.hexadecimal),
                        let tree = Self.tree(ofCommit: object.content)
                    else { throw GitFailure("\(directory) has no commit \(commit)") }
                    (root, loaded) = (tree, try await load(commit, tree, from: objects, now: now))
                }
                return RepositorySnapshot(
                    loaded: loaded, entries: listing.entries, files: committed.parsed(listing.entries), root: root,
                    folders: folders, dnsSyntax: dnsSyntax)
            } catch {
                throw .unreadable(error.description)
            }
        }
    }
}
