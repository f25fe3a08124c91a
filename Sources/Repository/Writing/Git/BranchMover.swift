/// Moves a branch through one long-lived `git update-ref --stdin`, and only from where it is expected to stand.
final class BranchMover {
    private let git: Git
    private let directory: String
    private let reference: String
    private var conversation: GitConversation?

    init(_ git: Git, directory: String, branch: String) {
        self.git = git
        self.directory = directory
        reference = "refs/heads/\(branch)"
    }

    deinit { finish() }

    /// Locks the branch, which must stand at `old`. Then ``commit()`` or ``abort()``.
    ///
    /// - Throws: ``GitFailure``, also when the branch stands elsewhere.
    func prepare(from old: ObjectName, to new: ObjectName) throws(GitFailure) {
        do throws(GitFailure) {
            let running: GitConversation
            if let conversation { running = conversation } else { running = try start() }
            conversation = running
            try running.send(Array("start\nupdate \(reference) \(new) \(old)\nprepare\n".utf8))
            try expect("start: ok", from: running)
            try expect("prepare: ok", from: running)
        } catch {
            // A refused transaction ends it.
            finish()
            throw error
        }
    }

    /// Moves it.
    func commit() throws(GitFailure) {
        guard let conversation else { throw GitFailure("git update-ref ended before its commit in \(directory)") }
        do throws(GitFailure) {
            try conversation.send(Array("commit\n".utf8))
            try expect("commit: ok", from: conversation)
        } catch {
            finish()
            throw error
        }
    }

    /// Leaves it where it is.
    func abort() {
        guard let conversation else { return }
        do {
            try conversation.send(Array("abort\n".utf8))
            try expect("abort: ok", from: conversation)
        } catch {
            finish()
        }
    }

    func finish() {
        _ = try? conversation?.finish()
        conversation = nil
    }

    private func start() throws(GitFailure) -> GitConversation {
        try GitConversation(
            git, directory: directory, ["update-ref", "-m", "wirebuddy: write", "--create-reflog", "--stdin"])
    }

    private func expect(_ wanted: String, from conversation: GitConversation) throws(GitFailure) {
        let line = try conversation.readLine()
        guard line.elementsEqual(wanted.utf8) else {
            throw GitFailure("git update-ref answered \"\(String(decoding: line, as: UTF8.self))\" in \(directory)")
        }
    }
}
