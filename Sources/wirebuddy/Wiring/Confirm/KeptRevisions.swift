import Glibc
import Model
import Reconciler
import Repository

/// The revisions that were in force: commits, or copies of the files of a plain directory in the state directory.
struct KeptRevisions: RevisionKeeper {
    let repository: ConfigurationRepository
    /// The state directory.
    let state: String

    /// Where copies are, and what a watchdog prints.
    static func folder(of state: String) -> String { "\(state)/checkpoint" }

    private var folder: String { Self.folder(of: state) }

    func keep(_ revision: String, now: Timestamp) async throws {
        _ = unsafe mkdir(folder, 0o700)
        try await repository.keepFiles(of: revision, below: folder, now: now)
    }

    func forget(except revisions: Set<String>) async throws {
        try repository.forgetFiles(except: revisions, below: folder)
    }

    func protect(_ revision: String) async throws { try await repository.protect(revision) }

    func kept(_ revision: String, now: Timestamp) async throws -> DesiredRevision? {
        try await repository.kept(revision, below: folder, now: now)
    }
}
