import Glibc
import Manifest
public import Model
public import Reconciler

/// The configuration repository: a git repository, whose desired state is the commit at the head of the configured
/// branch whatever the worktree looks like, or a plain directory, whose desired state is its files.
///
/// What was read is kept: an unchanged head costs one question to a running git (a plain directory one look at its
/// files) and returns the same value; of a changed one only the changed files are parsed.
public actor ConfigurationRepository: RevisionSource {
    /// The directory as it was named.
    public nonisolated let directory: String
    /// The branch whose head is the desired state.
    public nonisolated let branch: String
    nonisolated let git: Git
    /// Whether it may be written.
    public nonisolated let mode: HostConfiguration.RepositoryMode
    let digest: any Digest
    /// Judges DNS rules.
    nonisolated let dnsSyntax: any DNSRuleSyntax
    /// The remote; nil: none is followed.
    nonisolated let link: RemoteLink?
    /// Who may sign the head; nil: signatures don't matter.
    nonisolated let signatures: SignatureCheck?

    private let executor = BlockingExecutor(label: "wirebuddy.repository")
    let turns = Turns()
    /// Writes, one batch at a time, while reads go on.
    nonisolated let writer: RepositoryWriter

    var reader: OpenReader?
    var head: HeadState?
    /// The head that was written here last.
    var ownHead: WrittenHead?
    var verdict: SignatureVerdict?
    var files: DirectoryState?
    var preview: DirectoryState?
    var folders: [ObjectName: [GitTreeEntry]] = [:]
    /// The files of the commit in `committed`.
    var listing = TreeListing()
    /// The tree that `listing` and `folders` are of: a writer may have looked at an older commit than the head since.
    var listedTree: ObjectName?
    lazy var committed = ParsedTree(digest: nil, dnsSyntax: dnsSyntax)
    lazy var written = ParsedTree(digest: digest, dnsSyntax: dnsSyntax)
    lazy var previewed = ParsedTree(digest: digest, dnsSyntax: dnsSyntax)

    /// A long-lived git and the repository it was started for.
    struct OpenReader {
        let identity: FileIdentity
        let objects: GitObjectReader
    }

    /// The commit read last.
    struct HeadState {
        let commit: ObjectName
        let tree: ObjectName
        /// Why its signature does not count; nil when it does, or is not asked for.
        let fault: String?
        let loaded: LoadedRevision
        let outcome: Result<DesiredRevision, RevisionFailure>
    }

    /// What was found about the signature of a commit.
    struct SignatureVerdict {
        let commit: ObjectName
        let signers: FileStamp?
        let fault: String?
    }

    /// The files of a directory as read last.
    struct DirectoryState {
        let entries: [TreeEntry]
        let refused: [RefusedEntry]
        var fingerprint: DirectoryFingerprint?
        let loaded: LoadedRevision
        let outcome: Result<DesiredRevision, RevisionFailure>
    }

    /// A repository. Nothing is read before it is asked for.
    ///
    /// - Parameters:
    ///   - directory: The top of a worktree, a bare repository, or a plain directory.
    ///   - branch: The branch whose head is the desired state.
    ///   - digest: Identifies the files of a plain directory.
    ///   - dnsSyntax: Judges DNS rules.
    ///   - mode: Whether ``write(_:)`` may change it.
    ///   - git: The git program and its environment.
    ///   - remote: The remote that is followed and pushed to; nil: none.
    ///   - signatures: Who may sign the head; nil: signatures don't matter. With it nothing is written.
    public init(
        directory: String, branch: String = "main", digest: any Digest, dnsSyntax: any DNSRuleSyntax,
        mode: HostConfiguration.RepositoryMode = .readWrite, git: Git = Git(), remote: RemoteOptions? = nil,
        signatures: SignatureCheck? = nil
    ) {
        self.directory = directory
        self.branch = branch
        self.digest = digest
        self.dnsSyntax = dnsSyntax
        self.git = git
        self.mode = mode
        writer = RepositoryWriter(directory: directory, branch: branch, git: git)
        link = remote.map { RemoteLink($0, git: git, directory: directory, branch: branch) }
        self.signatures = signatures
    }

    /// Who completes peers that leave out what WireBuddy can make: a write, where this process may make one.
    nonisolated var completion: Completion {
        let isWritable = unsafe access(directory, W_OK) == 0
        return mode == .readWrite && signatures == nil && isWritable ? .writeBack : .refused
    }

    /// Runs on a queue of its own: reading files and talking to git block.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Reads the desired state: the head of the branch, or the files of a plain directory.
    ///
    /// - Throws: ``RevisionFailure``. Nothing that can't be read is ever taken for empty.
    public func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision {
        await turns.take()
        defer { turns.give() }
        switch try place() {
        case .directory:
            try refuseUnsigned()
            return try await readFiles(now: now).outcome.get()
        case .worktree(let identity), .bare(let identity):
            var revision = try await readHead(identity, now: now).outcome.get()
            revision.obstacle = obstacle
            return revision
        }
    }

    /// Reads the desired state with its problems as values, also when it isn't valid.
    ///
    /// - Throws: ``RevisionFailure/unreadable(_:)``; ``RevisionFailure/invalid(revision:problems:)`` only where the
    ///   signature of the head does not count.
    public func load(now: Timestamp) async throws(RevisionFailure) -> LoadedRevision {
        await turns.take()
        defer { turns.give() }
        switch try place() {
        case .directory:
            try refuseUnsigned()
            return try await readFiles(now: now).loaded
        case .worktree(let identity), .bare(let identity):
            let state = try await readHead(identity, now: now)
            // What nobody vouches for is not even looked at.
            if state.fault != nil { _ = try state.outcome.get() }
            var loaded = state.loaded
            loaded.obstacle = obstacle
            return loaded
        }
    }

    private func refuseUnsigned() throws(RevisionFailure) {
        guard let signatures else { return }
        throw .unreadable(
            "\(directory) is a plain directory, which nobody can sign, but repository.verify is"
                + " \(signatures.format.rawValue): run `wirebuddy init`, or clone a repository there")
    }

    private var obstacle: RevisionObstacle? {
        guard let record = link?.record else { return nil }
        return record.diverged.map { .diverged($0.reason) } ?? record.unreachable.map { .unreachable($0.reason) }
    }

    /// Reads the files as they are now, uncommitted edits and new files included (`plan --worktree`, `validate`). What
    /// git ignores is left out.
    ///
    /// - Throws: ``RevisionFailure/unreadable(_:)``, also for a bare repository.
    public func loadWorktree(now: Timestamp) async throws(RevisionFailure) -> LoadedRevision {
        await finishInterrupted()
        await turns.take()
        defer { turns.give() }
        return try await readPresentFiles(now: now).loaded
    }

    /// Reads the files as they are now, as a revision.
    ///
    /// - Throws: ``RevisionFailure``.
    public func readWorktree(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision {
        await finishInterrupted()
        await turns.take()
        defer { turns.give() }
        return try await readPresentFiles(now: now).outcome.get()
    }

    /// The present files as a source of revisions, for previews.
    public nonisolated var worktree: WorktreeSource { WorktreeSource(repository: self) }

    /// Fires when the head may have moved: 20 ms after the last of a burst of moved references, 100 ms after that of files.
    public nonisolated func changes() -> AsyncStream<Void> { ChangeWatch.changes(of: directory, branch: branch) }

    /// How many files were parsed so far.
    var parsedFiles: Int { committed.parsedCount + written.parsedCount }

    /// The process id of the running git, for tests that kill it.
    var readerProcess: Int32? { reader?.objects.processIdentifier }

    private func readPresentFiles(now: Timestamp) async throws(RevisionFailure) -> DirectoryState {
        switch try place() {
        case .directory: return try await readFiles(now: now)
        case .worktree: return try await readPreview(now: now)
        case .bare:
            throw .unreadable("\(directory) is a bare repository: it has no worktree to look at")
        }
    }

    func place() throws(RevisionFailure) -> Place {
        do {
            if let place = try Place.find(directory) { return place }
        } catch {
            throw .unreadable("configuration directory \(directory) can't be read: \(error.reason)")
        }
        throw .unreadable(
            "configuration directory \(directory) does not exist: create one with `wirebuddy init \(directory)`,"
                + " or name another one with --config")
    }
}

/// The present files of a repository as a source of revisions, for previews: it never fires by itself.
public struct WorktreeSource: RevisionSource {
    let repository: ConfigurationRepository

    /// Reads the files as they are now.
    public func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision {
        try await repository.readWorktree(now: now)
    }

    /// Ends at once.
    public func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
