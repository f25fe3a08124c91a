import Manifest
public import Model
public import Reconciler

/// Reading what is not the head.
extension ConfigurationRepository {
    /// A commit of the branch's history.
    ///
    /// - Parameter revision: A commit in any way git takes.
    /// - Throws: ``RollbackFailure``.
    public nonisolated func commit(_ revision: String) async throws(RollbackFailure) -> CommittedRevision {
        guard GitDirectories.common(of: directory) != nil else {
            throw .unknown(HistoryFailure.noRepository(directory).description)
        }
        do {
            let entry = try await entryOfHistory(revision)
            return CommittedRevision(entry: entry, files: try await changedFiles(in: entry.revision))
        } catch let failure as RollbackFailure {
            throw failure
        } catch {
            throw .unreadable("\(error)")
        }
    }

    /// What a commit declares, whether it is in the history of the branch or not. Nothing is fetched.
    ///
    /// - Parameter reference: A branch, tag or commit in any way git takes.
    /// - Throws: ``RollbackFailure``.
    public nonisolated func declared(
        at reference: String, now: Timestamp
    ) async throws(RollbackFailure) -> DesiredRevision {
        guard GitDirectories.common(of: directory) != nil else {
            throw .unknown(HistoryFailure.noRepository(directory).description)
        }
        do {
            guard let commit = try await name(ofCommit: reference) else {
                throw RollbackFailure.unknown("\(directory) has no revision \(reference)")
            }
            return try await loadTree(commit, now: now).outcome().get()
        } catch let failure as RollbackFailure {
            throw failure
        } catch RevisionFailure.invalid(let revision, let problems) {
            throw .invalid(revision: revision, problems: problems)
        } catch RevisionFailure.unreadable(let why) {
            throw .unreadable(why)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    nonisolated func entryOfHistory(_ revision: String) async throws -> HistoryEntry {
        guard let commit = try await name(ofCommit: revision) else {
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
        guard
            let entry = try await HistoryWalk(
                ["-n", "1", commit], git: git, directory: directory, dnsSyntax: dnsSyntax
            ).steps.first?.entry
        else { throw RollbackFailure.unreadable("\(directory): commit \(commit) can't be read") }
        return entry
    }

    /// The files that a commit changes, against its first parent.
    private nonisolated func changedFiles(in commit: String) async throws(GitFailure) -> [CommittedFile] {
        let output = try await git.run(
            [
                "diff-tree", "-r", "-z", "--root", "--no-commit-id", "--no-renames", "--name-status",
                "--diff-merges=first-parent", commit,
            ], in: directory)
        // `<status>` and a path for each file, all ended by NUL.
        let fields = output.split(separator: 0)
        return stride(from: 0, to: fields.count - 1, by: 2).map { index in
            CommittedFile(
                path: String(decoding: fields[index + 1], as: UTF8.self),
                isDeleted: fields[index].first == UInt8(ascii: "D"))
        }
    }

    /// The full name of a commit; nil where there is none.
    nonisolated func name(ofCommit name: String) async throws(GitFailure) -> String? {
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
