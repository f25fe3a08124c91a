import Manifest
public import Model
public import Reconciler

/// Reading what is not the head.
extension ConfigurationRepository {
    /// A commit of the branch's history.
    ///
    /// - Parameter revision: A commit in any way git takes.
    /// - Throws: ``RollbackFailure``.
    public nonisolated func entry(_ revision: String) async throws(RollbackFailure) -> HistoryEntry {
        guard GitDirectories.common(of: directory) != nil else {
            throw .unknown(HistoryFailure.noRepository(directory).description)
        }
        do {
            return try await entryOfHistory(revision)
        } catch let failure as RollbackFailure {
            throw failure
        } catch {
            throw .unreadable("\(error)")
        }
    }

    /// What a commit declares, whether it is in the history of the branch or not. Nothing is fetched.
    ///
    /// - Parameter reference: A branch, tag or commit in any way git takes.
    /// - Throws: ``RevisionFailure``; ``RevisionFailure/unreadable(_:)`` also where there is no such commit.
    public nonisolated func declared(
        at reference: String, now: Timestamp
    ) async throws(RevisionFailure) -> DesiredRevision {
        guard GitDirectories.common(of: directory) != nil else {
            throw .unreadable(HistoryFailure.noRepository(directory).description)
        }
        let commit: String?
        do {
            commit = try await self.commit(reference)
        } catch {
            throw .unreadable(error.description)
        }
        guard let commit else { throw .unreadable("\(directory) has no revision \(reference)") }
        return try await loadTree(commit, now: now).outcome().get()
    }

    nonisolated func entryOfHistory(_ revision: String) async throws -> HistoryEntry {
        guard let commit = try await commit(revision) else {
            throw RollbackFailure.unknown("\(directory) has no revision \(revision): `wirebuddy log` lists them")
        }
        let isOurs =
            try await git.run(
                ["merge-base", "--is-ancestor", commit, "refs/heads/\(branch)"], in: directory, within: .seconds(30)
            ).status == 0
        guard isOurs else {
            throw RollbackFailure.unknown(
                "revision \(Self.short(commit)) is not in the history of branch \(branch): merge it instead")
        }
        guard let entry = try await HistoryWalk(["-n", "1", commit], git: git, directory: directory).steps.first?.entry
        else { throw RollbackFailure.unreadable("\(directory): commit \(commit) can't be read") }
        return entry
    }

    /// The full name of a commit; nil where there is none.
    private nonisolated func commit(_ name: String) async throws(GitFailure) -> String? {
        let found = try await git.run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"], in: directory,
            accepted: [0, 1, 128])
        return String(decoding: found, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    /// Reads the configuration of a commit or tree; the head is not touched.
    ///
    /// - Parameter object: The full name of a commit or tree.
    func loadTree(_ object: String, now: Timestamp) async throws(RevisionFailure) -> LoadedRevision {
        await turns.take()
        defer { turns.give() }
        do {
            let objects = try GitObjectReader(git, directory: directory)
            guard let tree = try objects.object(Array("\(object)^{tree}".utf8)) else {
                throw RevisionFailure.unreadable("\(directory) has no object \(object)")
            }
            guard let name = ObjectName(hexadecimal: Array(object.utf8)) else {
                throw RevisionFailure.unreadable("\(object) is not the full name of an object")
            }
            // What is kept of the head is then that of another commit: it is read again.
            head = nil
            return try await load(name, tree.name, from: objects, now: now)
        } catch let failure as RevisionFailure {
            throw failure
        } catch {
            throw .unreadable("\(error)")
        }
    }
}
