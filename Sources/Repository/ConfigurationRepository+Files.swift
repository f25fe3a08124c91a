import Glibc
import Manifest
import Model
import Reconciler

/// Reading files on disk: of a plain directory, or of a worktree for a preview.
extension ConfigurationRepository {
    /// How often the files are listed again when they change while they are read.
    private static let attempts = 6

    func readFiles(now: Timestamp) async throws(RevisionFailure) -> DirectoryState {
        let origin =
            if let repository = Place.surroundingRepository(of: directory) {
                "plain directory (a folder of the git repository \(repository), whose history is not used:"
                    + " only the top of a repository is one)"
            } else {
                "plain directory"
            }
        if let files, files.origin == origin, files.fingerprint?.isCurrent(below: directory) == true { return files }
        let directory = directory
        let state = try await read(into: written, known: files, prefix: "sha-", origin: origin, now: now) {
            () throws(DirectoryFailure) in
            try DirectoryScan.list(directory)
        }
        files = state
        return state
    }

    func readPreview(now: Timestamp) async throws(RevisionFailure) -> DirectoryState {
        let directory = directory
        let paths: [[UInt8]]
        do {
            // What is tracked or new; what git ignores would not be committed.
            let output = try await git.run(
                ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"], in: directory)
            paths = output.split(separator: 0).map(Array.init).filter { path in
                !path.split(separator: UInt8(ascii: "/")).contains(where: ConfigurationFileName.isHidden)
            }
        } catch {
            throw .unreadable(error.description)
        }
        let origin = "worktree of \(directory), uncommitted edits included"
        let state = try await read(into: previewed, known: preview, prefix: "worktree-", origin: origin, now: now) {
            () throws(DirectoryFailure) in
            try DirectoryScan.list(directory, paths: paths)
        }
        preview = state
        return state
    }

    /// Lists, reads what changed and lists again, until nothing changed meanwhile: the files are then those of one
    /// moment.
    private func read(
        into tree: ParsedTree, known: DirectoryState?, prefix: String, origin: String, now: Timestamp,
        list: () throws(DirectoryFailure) -> DirectoryScan
    ) async throws(RevisionFailure) -> DirectoryState {
        do throws(DirectoryFailure) {
            var failure = DirectoryFailure([], "its files keep changing: try again when their writer is done")
            for attempt in 0..<Self.attempts {
                do throws(DirectoryFailure) {
                    let scan = try list()
                    let listing = scan.listing
                    if attempt == 0, let known, known.isSame(listing) {
                        return known.with(DirectoryFingerprint(scan))
                    }
                    // Compared by what was read, which may be newer than the listing it was read for.
                    if attempt > 0, tree.holds(listing.entries) {
                        return state(of: scan, in: tree, prefix: prefix, origin: origin, now: now)
                    }
                    try await load(listing.entries, into: tree)
                } catch  where error.isVanished && !error.path.isEmpty {
                    failure = error
                }
            }
            throw failure
        } catch {
            let path = error.path.isEmpty ? "" : "/" + String(decoding: error.path, as: UTF8.self)
            throw .unreadable("configuration \(directory)\(path) can't be read: \(error.reason)")
        }
    }

    private func load(_ entries: [TreeEntry], into tree: ParsedTree) async throws(DirectoryFailure) {
        let root: OpenFile
        do throws(FileFailure) {
            root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
        } catch {
            throw DirectoryFailure([], error)
        }
        let descriptor = root.descriptor
        try await tree.update(to: entries) { part throws(DirectoryFailure) in
            var contents: [ParsedTree.Content] = []
            for entry in part {
                let file = try SteadyFile.read(entry.path, in: descriptor)
                let read = TreeEntry(path: entry.path, content: .file(file.stamp))
                contents.append(ParsedTree.Content(entry: read, bytes: file.bytes))
            }
            return contents
        }
        _ = consume root
    }

    private func state(
        of scan: DirectoryScan, in tree: ParsedTree, prefix: String, origin: String, now: Timestamp
    ) -> DirectoryState {
        let listing = scan.listing
        let id = prefix + (tree.digest(of: listing.entries)?.short ?? "")
        let result = Manifest.assemble(
            tree.parsed(listing.entries), now: now, completion: completion, claims: tree.claims)
        let loaded = LoadedRevision(id: id, origin: origin, result: result, refused: listing.refused)
        return DirectoryState(
            entries: listing.entries, refused: listing.refused, fingerprint: DirectoryFingerprint(scan), loaded: loaded,
            outcome: loaded.outcome())
    }
}

extension ConfigurationRepository.DirectoryState {
    /// Whether a listing shows exactly the files that were read.
    func isSame(_ listing: TreeListing) -> Bool { entries == listing.entries && refused == listing.refused }

    var origin: String { loaded.origin }

    /// The same state with the stamps of the folders as they are now.
    func with(_ fingerprint: DirectoryFingerprint?) -> Self {
        var state = self
        state.fingerprint = fingerprint
        return state
    }
}
