import Glibc

/// Finds what a rejected push left in the worktree.
///
/// With `receive.denyCurrentBranch=updateInstead` (`git-config(1)`) git brings files and index to the pushed commit
/// before it moves the branch. When a write moved the branch meanwhile, the push is rejected, and files and index stay at
/// a commit that no branch names: every later push is refused as there are "staged changes".
final class RejectedPush {
    private let git: Git
    private let directory: String
    private let directories: GitDirectories
    /// The index that was looked at and is no such leftover: the branch's, or with a person's staged edits; a nil in it:
    /// there was none. nil: none was looked at.
    private var settled: FileStamp??

    /// How many commits without a name are compared with the index at most, the newest first.
    private static let mostCandidates = 64

    init(_ git: Git, directory: String, _ directories: GitDirectories) {
        self.git = git
        self.directory = directory
        self.directories = directories
    }

    /// Whether the index is known not to be at a commit that was rejected. Nothing is run.
    var isSettled: Bool { settled.map { $0 == stamp } ?? false }

    /// Notes that we wrote the index, which was settled.
    func settle() { settled = .some(stamp) }

    /// The commit at which the index stands, when that is not the branch's and nobody names it; nil: there is none, and
    /// the index is settled.
    func find(head: ObjectName) throws(GitFailure) -> ObjectName? {
        if isSettled { return nil }
        let seen = stamp
        if try differs(head) {
            for commit in try candidates() where try !differs(commit) { return commit }
        }
        settled = .some(seen)
        return nil
    }

    /// Whether git receives a push here now, or it can't be told: then index and branch may agree in a moment.
    var isUnderWay: Bool {
        guard let own = Self.identity(directories.common) else { return false }
        let top = Self.identity(directory)
        return ((try? FolderNames.list("/proc")) ?? []).contains { name in
            guard Int32(name) != nil, Self.isReceiving("/proc/\(name)/cmdline") else { return false }
            guard let place = Self.identity("/proc/\(name)/cwd") else { return true }
            return place == own || place == top
        }
    }

    private var stamp: FileStamp? {
        let status = try? OpenFile.status(of: "\(directories.own)/index")
        return status.map(FileStamp.init)
    }

    /// Whether the index is another tree than that of a commit.
    private func differs(_ commit: ObjectName) throws(GitFailure) -> Bool {
        try !run(["diff-index", "--cached", "-z", "--name-only", "\(commit)", "--"]).isEmpty
    }

    /// The commits that no branch, tag or reflog leads to, the newest first. What a person did is in a reflog: a soft
    /// reset, a commit that was amended.
    private func candidates() throws(GitFailure) -> [ObjectName] {
        let named = try Set(lines(["rev-list", "--all", "--reflog"]))
        let objects = try lines([
            "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)",
        ])
        let kind = Array("commit ".utf8)
        let unnamed = objects.filter { $0.starts(with: kind) }.map { Array($0.dropFirst(kind.count)) }.filter {
            !named.contains($0)
        }
        guard !unnamed.isEmpty else { return [] }
        let sorted = try lines(["rev-list", "--no-walk=sorted", "--stdin"], input: unnamed)
        return sorted.prefix(Self.mostCandidates).compactMap { ObjectName(hexadecimal: $0) }
    }

    private func lines(_ arguments: [String], input: [[UInt8]] = []) throws(GitFailure) -> [[UInt8]] {
        try run(arguments, input: input).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    /// On the writer's own thread, as the lock is held meanwhile.
    private func run(_ arguments: [String], input: [[UInt8]] = []) throws(GitFailure) -> [UInt8] {
        let conversation = try GitConversation(git, directory: directory, arguments)
        if !input.isEmpty { try conversation.send(input.flatMap { $0 + [UInt8(ascii: "\n")] }) }
        return try conversation.finish()
    }

    private static func isReceiving(_ path: String) -> Bool {
        guard let file = try? OpenFile(Array(path.utf8), O_RDONLY),
            let bytes = try? file.readToEnd(expecting: 256, limit: 4096)
        else { return false }
        return bytes.split(separator: 0).prefix(2).contains { $0.suffix(12).elementsEqual("receive-pack".utf8) }
    }

    private static func identity(_ path: String) -> FileIdentity? {
        let status = try? OpenFile.status(of: path)
        return status.map(FileIdentity.init)
    }
}
