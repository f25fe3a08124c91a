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

    /// Moves the branch, which must stand at `old`.
    ///
    /// - Throws: ``GitFailure``. Where the branch stands then has to be looked up: an answer may have been lost.
    func move(from old: ObjectName, to new: ObjectName) throws(GitFailure) {
        let wasRunning = conversation != nil
        do throws(GitFailure) {
            try step(from: old, to: new)
        } catch {
            // One that was killed meanwhile is started once more; a real refusal is repeated.
            guard wasRunning else { throw error }
            try step(from: old, to: new)
        }
    }

    private func step(from old: ObjectName, to new: ObjectName) throws(GitFailure) {
        let running: GitConversation
        if let conversation { running = conversation } else { running = try start() }
        conversation = running
        do throws(GitFailure) {
            try running.send(Array("start\nupdate \(reference) \(new) \(old)\nprepare\ncommit\n".utf8))
            for step in ["start", "prepare", "commit"] { try expect("\(step): ok", from: running) }
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
