import Manifest
public import Model
import Reconciler

/// The files of what is not the head.
extension ConfigurationRepository {
    /// The files of a commit, whether it is in the history of the branch or not. Nothing is fetched.
    ///
    /// - Parameter reference: A branch, tag or commit in any way git takes.
    /// - Throws: ``RollbackFailure``; ``RollbackFailure/unknown(_:)`` says how to fetch what is not here.
    public nonisolated func tree(
        at reference: String, now: Timestamp
    ) async throws(RollbackFailure) -> RepositoryTree {
        guard let git = GitDirectories.common(of: directory) else {
            let whole = Place.surroundingRepository(of: directory).map {
                " but a folder of \($0): only the top of a repository is one"
            }
            throw .unknown(
                "\(directory) is not a git repository\(whole ?? ""), so that it has no revision \(reference)")
        }
        let commit: String?
        do {
            commit = try await name(ofCommit: reference)
        } catch {
            throw .unreadable(error.description)
        }
        guard let commit else {
            let isShallow = ((try? OpenFile.status(of: "\(git)/shallow")) ?? nil) != nil
            throw .unknown(
                "\(directory) has no revision \(reference): run `\(fetching(reference, isShallow: isShallow))`")
        }
        do throws(RevisionFailure) {
            return try await filesOfCommit(commit, now: now)
        } catch {
            switch error {
            case .invalid(let revision, let problems): throw .invalid(revision: revision, problems: problems)
            case .unreadable(let why): throw .unreadable(why)
            }
        }
    }

    /// The full name of the commit that a branch, tag or abbreviation stands for; nil where there is none.
    ///
    /// - Throws: ``RollbackFailure/unreadable(_:)``.
    public nonisolated func commitName(_ reference: String) async throws(RollbackFailure) -> String? {
        guard GitDirectories.common(of: directory) != nil else { return nil }
        do {
            return try await name(ofCommit: reference)
        } catch {
            throw .unreadable(error.description)
        }
    }

    private func filesOfCommit(_ commit: String, now: Timestamp) async throws(RevisionFailure) -> RepositoryTree {
        let loaded = try await loadTree(commit, now: now)
        let parsed = committed.parsed(listing.entries)
        let contents = ContentSource(git, directory: directory)
        let names = Dictionary(
            listing.entries.map { (String(decoding: $0.path, as: UTF8.self), $0.content) },
            uniquingKeysWith: { first, _ in first })
        let tree = ManifestTree(files: parsed, dnsSyntax: dnsSyntax) { path in
            try contents.bytes(of: path, names[path])
        }
        let errors = loaded.problems.filter { $0.severity == .error }
        return RepositoryTree(revision: commit, tree: tree, problems: errors.map { $0.render() })
    }

    /// The command that brings a commit here.
    private nonisolated func fetching(_ reference: String, isShallow: Bool) -> String {
        let fetch = "git -C \(ShellWord.quoted(directory)) fetch"
        let isCommit = reference.utf8.count >= 40 && reference.utf8.allSatisfy(Self.isHexadecimal)
        if isCommit { return "\(fetch) --depth 1 origin \(reference)" }
        if let branch = reference.hasPrefix("origin/") ? reference.dropFirst("origin/".count) : nil,
            branch.utf8.allSatisfy(Self.isPlain)
        {
            return "\(fetch)\(isShallow ? " --depth 1" : "") origin +refs/heads/\(branch):refs/remotes/origin/\(branch)"
        }
        return isShallow ? "\(fetch) --depth 100 origin" : "\(fetch) origin"
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        isHexadecimal(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || "/-_.".utf8.contains(byte)
    }
}
