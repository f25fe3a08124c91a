/// Moves a branch through one long-lived `git update-ref --stdin`, and only from where it is expected to stand.
final class BranchMover {
    private let git: Git
    private let directory: String
    private let reference: String
    private var conversation: GitConversation?

    var processIdentifier: Int32? { conversation?.processIdentifier }

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
        let wasRunning = conversation != nil
        do throws(GitFailure) {
            try lock(from: old, to: new)
        } catch {
            // One that was killed meanwhile is started once more; a real refusal is repeated.
            guard wasRunning else { throw error }
            try lock(from: old, to: new)
        }
    }

    /// Moves it.
    ///
    /// - Throws: ``GitFailure``. Where the branch stands then has to be looked up: an answer may have been lost.
    func commit() throws(GitFailure) { try ask("commit\n", ["commit"]) }

    /// Leaves it where it is.
    func abort() { try? ask("abort\n", ["abort"]) }

    private func lock(from old: ObjectName, to new: ObjectName) throws(GitFailure) {
        if conversation == nil { conversation = try start() }
        try ask("start\nupdate \(reference) \(new) \(old)\nprepare\n", ["start", "prepare"])
    }

    private func ask(_ text: String, _ steps: [String]) throws(GitFailure) {
        guard let conversation else { throw GitFailure("git update-ref ended before its commit in \(directory)") }
        do throws(GitFailure) {
            try conversation.send(Array(text.utf8))
            for step in steps { try expect("\(step): ok", from: conversation) }
        } catch {
            // A refused transaction ends it.
            finish()
            throw error
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
