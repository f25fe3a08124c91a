import Glibc
public import Model
public import Reconciler

/// Revisions that were in force, readable when the branch or the files say something else: in git every commit is, and
/// a reference keeps it; the files of a plain directory are copied.
extension ConfigurationRepository {
    /// The reference that keeps the revision which a rollback restores.
    static let confirmedReference = "refs/wirebuddy/confirmed"

    /// Keeps the files of a plain directory below `folder`, whole or not at all. In git there is nothing to do.
    ///
    /// - Throws: ``RevisionFailure`` when they can't be read, or are another revision by now; ``KeptFailure``.
    public func keepFiles(of revision: String, below folder: String, now: Timestamp) async throws {
        guard case .directory = try place() else { return }
        let target = "\(folder)/\(revision)"
        if unsafe access(target, F_OK) == 0 { return }
        await turns.take()
        defer { turns.give() }
        let state = try await readFiles(now: now)
        guard state.loaded.id == revision else {
            throw RevisionFailure.unreadable("the files of \(directory) changed meanwhile")
        }
        let draft = "\(folder)/.new-\(revision)"
        do {
            try KeptFiles.remove(draft)
            try KeptFiles.copy(state.entries, from: directory, to: draft, like: KeptFiles.newest(in: folder))
            guard unsafe rename(draft, target) == 0 else { throw FileFailure.last }
            try KeptFiles.settle(folder)
        } catch let failure as FileFailure {
            throw KeptFailure("the files of \(revision) can't be kept in \(folder): \(failure.reason)")
        }
    }

    /// Removes what was kept below `folder` but for these revisions.
    ///
    /// - Throws: ``KeptFailure``.
    public nonisolated func forgetFiles(except revisions: Set<String>, below folder: String) throws(KeptFailure) {
        do throws(FileFailure) {
            for name in try KeptFiles.names(in: folder) where Self.isKept(name) && !revisions.contains(name) {
                try KeptFiles.remove("\(folder)/\(name)")
            }
        } catch {
            throw KeptFailure("\(folder) can't be tidied: \(error.reason)")
        }
    }

    /// Whether a name is that of a copy, or of one that was begun.
    private static func isKept(_ name: String) -> Bool { name.hasPrefix("sha-") || name.hasPrefix(".new-sha-") }

    /// Keeps a commit from being taken away. In a plain directory, and in one that may not be written, nothing is done: a
    /// commit of the branch stays anyway.
    ///
    /// - Throws: ``KeptFailure``.
    public nonisolated func protect(_ revision: String) async throws {
        guard mode == .readWrite, unsafe access(directory, W_OK) == 0,
            GitDirectories.common(of: directory) != nil, ObjectName(hexadecimal: Array(revision.utf8)) != nil
        else { return }
        do {
            _ = try await git.run(["update-ref", Self.confirmedReference, revision], in: directory)
        } catch {
            throw KeptFailure("\(revision) can't be protected in \(directory): \(error)")
        }
    }

    /// A revision as it was when it was in force; nil when it was not kept.
    ///
    /// - Throws: ``KeptFailure`` when it was, and can't be read as what it was.
    public func kept(_ revision: String, below folder: String, now: Timestamp) async throws -> DesiredRevision? {
        if ObjectName(hexadecimal: Array(revision.utf8)) != nil, GitDirectories.common(of: directory) != nil {
            do {
                return try await declared(at: revision, now: now)
            } catch RollbackFailure.unknown {
                return nil
            } catch {
                throw KeptFailure("\(revision) can't be read: \(error)")
            }
        }
        let path = "\(folder)/\(revision)"
        guard unsafe access(path, F_OK) == 0 else { return nil }
        let files = ConfigurationRepository(
            directory: path, digest: digest, dnsSyntax: dnsSyntax, mode: .readOnly, git: git)
        do {
            let read = try await files.read(now: now)
            guard read.id == revision else {
                throw KeptFailure("the files in \(path) are not those of \(revision) any more")
            }
            return read
        } catch let failure as KeptFailure {
            throw failure
        } catch {
            throw KeptFailure("\(revision) can't be read from \(path): \(error)")
        }
    }
}

/// Why a revision can't be kept, or be read again.
public struct KeptFailure: Error, Sendable, CustomStringConvertible {
    /// What happened.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
