import FoundationEssentials
import Glibc
import Model

/// The way to the remote: fetching, pushing, and what is known about it. Nothing here moves the branch.
///
/// The head of the remote that was seen last is remembered in a reference of ours, so that one that was moved back or
/// rewritten is noticed, also after a restart and by other processes. A push names it as what it replaces, and is only
/// tried for a commit that contains it: nobody's commit is ever overwritten, not even one we never saw.
struct RemoteLink: Sendable {
    let options: RemoteOptions
    let git: Git
    let directory: String
    let branch: String
    private let unwritten = UnwrittenRecord()

    init(_ options: RemoteOptions, git: Git, directory: String, branch: String) {
        self.options = options
        self.git = git
        self.directory = directory
        self.branch = branch
    }

    /// How long a write waits for the remote.
    static let writePatience: Duration = .seconds(10)
    /// How long the loop waits for it.
    static let loopPatience: Duration = .seconds(60)

    /// The remote's head that was seen last.
    var seenReference: String { "refs/wirebuddy/remote/\(branch)" }
    /// Who fetches: each has its own reference, so that one doesn't lock out the other.
    enum Fetcher: String {
        case loop
        case write
    }

    /// What a fetch found.
    struct Fetched: Sendable, Hashable {
        /// The head of the branch at the remote; nil when it has no such branch.
        let head: String?
        /// The head that was seen last when the fetch began: another one by now means that this is old news.
        let seen: String?
    }

    /// Asks the remote for the head of the branch, and for what it contains.
    ///
    /// - Throws: ``RemoteFailure/unreachable(_:)``, or ``RemoteFailure/overtaken``.
    func fetch(for fetcher: Fetcher, within limit: Duration) async throws(RemoteFailure) -> Fetched {
        do {
            let seen = try await commit(seenReference)
            // So that its objects stay.
            let reference = "refs/wirebuddy/fetched/\(fetcher.rawValue)/\(branch)"
            if let common = GitDirectories.common(of: directory) {
                Leftovers.removeFetches(of: [reference, seenReference], in: common)
            }
            let finished = try await git.run(
                [
                    "fetch", "--quiet", "--refmap=", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
                    "--no-recurse-submodules", "--", options.name, "+refs/heads/\(branch):\(reference)",
                ], in: directory, within: limit)
            if finished.status == 0 { return Fetched(head: try await commit(reference), seen: seen) }
            let failure = GitFailure(errorOutput: finished.errors, directory: directory, command: "fetch")
            if failure.description.contains("couldn't find remote ref") { return Fetched(head: nil, seen: seen) }
            // One that can't be locked because its disk is full or read-only is no race.
            let races = ["File exists", "but expected", "already exists"]
            if failure.description.contains("cannot lock ref"), races.contains(where: failure.description.contains) {
                throw RemoteFailure.overtaken
            }
            throw RemoteFailure.unreachable(failure.description)
        } catch let failure as RemoteFailure {
            throw failure
        } catch {
            throw .unreachable("\(error)")
        }
    }

    /// What became of a push.
    enum PushOutcome: Sendable, Hashable {
        case done
        /// The remote's head is not the one that was seen last.
        case stale
        /// The remote can't be reached or does not want it.
        case failed(String)
    }

    /// Makes `commit` the head of the remote's branch if that is still `expected` (nil: absent), which `commit` contains.
    func push(_ commit: String, replacing expected: String?, within limit: Duration) async -> PushOutcome {
        do {
            // With a lease git skips its own look whether the commit contains the old head.
            if let expected, try await !isAncestor(expected, of: commit) { return .stale }
            let finished = try await git.run(
                [
                    "push", "--porcelain", "--no-signed", "--no-follow-tags", "--recurse-submodules=no",
                    "--force-with-lease=refs/heads/\(branch):\(expected ?? "")", "--", options.name,
                    "\(commit):refs/heads/\(branch)",
                ], in: directory, within: limit)
            if finished.status == 0 {
                _ = try await git.run(["update-ref", seenReference, commit], in: directory)
                return .done
            }
            return Self.outcome(finished, directory: directory)
        } catch {
            return .failed(error.description)
        }
    }

    /// `!\t<from>:<to>\t[rejected] (stale info)` or `[remote rejected] (why)` of `git push --porcelain`.
    private static func outcome(_ finished: BoundedProcess.Finished, directory: String) -> PushOutcome {
        let lines = String(decoding: finished.output, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("!") }), let summary = line.split(separator: "\t").last
        else {
            return .failed(
                GitFailure(errorOutput: finished.errors, directory: directory, command: "push").description)
        }
        if summary.hasPrefix("[rejected]") { return .stale }
        // Somebody else pushed between git's look and its write.
        let races = ["failed to update ref", "cannot lock ref", "incorrect old value", "fetch first"]
        if races.contains(where: summary.contains) { return .stale }
        let said = GitFailure(errorOutput: finished.errors, directory: directory, command: "push").description
        return .failed("the remote refuses the push: \(RemoteURL.redacted(String(summary))): \(said)")
    }

    /// What became of a commit that is to be published.
    enum Publication: Sendable, Hashable {
        /// It is the head of the remote.
        case pushed
        /// The remote can't be reached: so many commits, this one included, are only here.
        case ahead(Int)
        /// The remote has commits that this one lacks, or was moved: catch up, then try again on the new head.
        case rejected
    }

    /// Pushes a commit that is about to become the head of the branch. While the remote is known to be unreachable it
    /// is not tried.
    func publish(_ commit: String) async -> Publication {
        let now = options.clock.now()
        let seen = try? await self.commit(seenReference)
        if !options.mayPush || isKnownUnreachable(at: now) { return .ahead(await count(commit, without: seen)) }
        switch await push(commit, replacing: seen, within: Self.writePatience) {
        case .done:
            note { $0.unreachable = nil }
            return .pushed
        case .stale: return .rejected
        case .failed(let reason):
            note { $0.unreachable = RemoteRecord.trouble(reason, before: $0.unreachable, at: now) }
            return .ahead(await count(commit, without: seen))
        }
    }

    private func isKnownUnreachable(at now: Timestamp) -> Bool {
        let record = record
        guard record.unreachable != nil, let checked = record.checked else { return false }
        // The loop keeps `checked` young while it runs; without one the next write tries again.
        let age = now.seconds - checked.seconds
        return age >= 0 && age <= 2 * options.poll.components.seconds + Self.loopPatience.components.seconds
    }

    // What git knows

    /// The commit a name stands for; nil when there is none.
    func commit(_ name: String) async throws(GitFailure) -> String? {
        let output = try await git.run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"], in: directory,
            accepted: [0, 1])
        let text = String(decoding: output, as: UTF8.self).split(separator: "\n").first.map(String.init)
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether `commit` contains `ancestor`.
    func isAncestor(_ ancestor: String, of commit: String) async throws(GitFailure) -> Bool {
        if ancestor == commit { return true }
        let finished = try await git.run(
            ["merge-base", "--is-ancestor", ancestor, commit], in: directory, within: .seconds(300))
        switch finished.status {
        case 0: return true
        case 1: return false
        default: throw GitFailure(errorOutput: finished.errors, directory: directory, command: "merge-base")
        }
    }

    /// How many commits `commit` contains that `other` does not.
    func count(_ commit: String, without other: String?) async -> Int {
        let range = other.map { ["\($0)..\(commit)"] } ?? [commit]
        let output = try? await git.run(["rev-list", "--count"] + range + ["--"], in: directory)
        let digits = String(decoding: output ?? [], as: UTF8.self).split(separator: "\n").first ?? ""
        return Int(digits) ?? 0
    }

    // What is kept beside the repository

    private var file: String? {
        GitDirectories.common(of: directory).map { "\($0)/wirebuddy-remote" }
    }

    /// What is known about the remote.
    var record: RemoteRecord {
        if let unwritten = unwritten.record { return unwritten }
        guard let file, let bytes = try? OpenFile(Array(file.utf8), O_RDONLY).readToEnd(expecting: 512, limit: 1 << 16)
        else { return RemoteRecord() }
        return RemoteRecord(text: String(decoding: bytes, as: UTF8.self))
    }

    /// Changes what is known; the time of this look is noted with it.
    func note(_ change: (inout RemoteRecord) -> Void) {
        guard let file else { return }
        var record = record
        change(&record)
        record.checked = options.clock.now()
        // One name, so that a crash leaves at most one file behind, which the next note replaces.
        let new = "\(file).new"
        var isWritten = (try? Data(record.text.utf8).write(to: URL(filePath: new))) != nil
        if isWritten { isWritten = unsafe rename(new, file) == 0 }
        unwritten.record = isWritten ? nil : record
    }
}

/// Why the remote and the branch could not be brought together.
enum RemoteFailure: Error, Sendable, Hashable {
    /// The remote can't be reached.
    case unreachable(String)
    /// A person has to decide; the message says how.
    case diverged(String)
    /// Uncommitted edits of a person stand where the remote changed files; sorted.
    case dirty([String])
    /// Somebody is in the middle of something in the repository: a merge, a rebase.
    case busy(String)
    /// A write of ours went out meanwhile: what is known is old.
    case overtaken
    /// The local repository can't be read or written.
    case failed(String)
}
