import Manifest
import Model
import Reconciler

/// Bringing the branch and the remote's together.
extension ConfigurationRepository {
    /// How the branch and the remote's stand to each other, as far as it is known; nil without a remote, or for a plain
    /// directory. Asks no server.
    public nonisolated func remoteStatus() async -> RemoteStatus? {
        guard let link, GitDirectories.common(of: directory) != nil else { return nil }
        let record = link.record
        let local = try? await link.commit("refs/heads/\(branch)")
        let seen = try? await link.commit(link.seenReference)
        let ahead = if let local { await link.count(local, without: seen) } else { 0 }
        let behind = if let seen { await link.count(seen, without: local) } else { 0 }
        let trouble = record.diverged ?? record.unreachable
        let state: RemoteStatus.State =
            if record.diverged != nil {
                .diverged
            } else if record.unreachable != nil {
                .unreachable
            } else if record.checked == nil {
                .unknown
            } else if behind > 0 {
                .behind
            } else {
                ahead > 0 ? .ahead : .inSync
            }
        return RemoteStatus(
            remote: link.options.display, state: state, ahead: ahead, behind: behind, since: trouble?.since,
            reason: trouble?.reason ?? "", checked: record.checked)
    }

    /// The host of the remote, as the URL that git uses names it; nil without a remote, or for one on disk. Asks no server.
    public nonisolated func remoteHost() async -> String? {
        guard let link, GitDirectories.common(of: directory) != nil,
            let output = try? await git.run(["ls-remote", "--get-url", "--", link.options.name], in: directory)
        else { return nil }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").first.flatMap {
            RemoteHostName.of(String($0))
        }
    }

    /// The remotes that git knows for this repository, whether they are followed or not.
    public nonisolated func remoteNames() async -> [String] {
        guard GitDirectories.common(of: directory) != nil, let output = try? await git.run(["remote"], in: directory)
        else { return [] }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Looks at the remote once: follows it, then pushes what it lacks. What went wrong is noted, and in the answer.
    nonisolated func follow(within limit: Duration = RemoteLink.loopPatience) async -> RemoteStatus? {
        guard let link, GitDirectories.common(of: directory) != nil else { return nil }
        do throws(RemoteFailure) {
            // Not to be cut off half way when the daemon ends.
            var outcome = Result<Void, RemoteFailure>.success(())
            for attempt in 0..<3 {
                let fetched = try await link.fetch(for: .loop, within: limit)
                outcome = await Task { await self.bringTogether(fetched, link) }.value
                guard outcome.isOvertaken, attempt < 2 else { break }
                try? await Task.sleep(for: .milliseconds(100))
            }
            link.note { $0.unreachable = nil }
            // Where writes go out all the time they find out themselves how things stand.
            if outcome.isOvertaken { return await remoteStatus() }
            try outcome.get()
            link.note { $0.diverged = nil }
            try await pushHead(link, within: limit)
        } catch {
            note(error, link)
        }
        return await remoteStatus()
    }

    private nonisolated func bringTogether(
        _ fetched: RemoteLink.Fetched, _ link: RemoteLink
    ) async -> Result<Void, RemoteFailure> {
        do throws(RemoteFailure) {
            try await integrate(fetched, link) { (old, new) async throws(RemoteFailure) in
                do throws(WriteFailure) {
                    try await self.writer.moveBranch(from: old, to: new, in: self)
                } catch {
                    let present = try? await link.commit("refs/heads/\(self.branch)")
                    throw present == old.description ? RemoteFailure(error) : .overtaken
                }
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Fetches and brings the branch to the remote's head by `move`: forward, or by a merge where commits stand on both
    /// sides. For a write whose commit the remote did not take.
    ///
    /// - Throws: ``RemoteFailure``; the branch is then where it was.
    nonisolated func catchUp(_ link: RemoteLink, _ move: Move) async throws(RemoteFailure) {
        do throws(RemoteFailure) {
            let fetched = try await link.fetch(for: .write, within: RemoteLink.writePatience)
            try await integrate(fetched, link, move)
            link.note { record in
                record.unreachable = nil
                record.diverged = nil
            }
        } catch {
            note(error, link)
            throw error
        }
    }

    /// Moves the branch from one commit to another.
    typealias Move = (ObjectName, ObjectName) async throws(RemoteFailure) -> Void

    /// Pushes commits that the remote lacks, unless it is known to be unreachable.
    nonisolated func pushCommits() async {
        guard let link, link.record.unreachable == nil else { return }
        do throws(RemoteFailure) {
            try await pushHead(link, within: RemoteLink.loopPatience)
        } catch {
            note(error, link)
        }
    }

    private nonisolated func note(_ failure: RemoteFailure, _ link: RemoteLink) {
        let now = link.options.clock.now()
        link.note { record in
            switch failure {
            case .unreachable(let reason):
                record.unreachable = RemoteRecord.trouble(reason, before: record.unreachable, at: now)
            case .diverged(let reason), .failed(let reason), .busy(let reason):
                record.diverged = RemoteRecord.trouble(reason, before: record.diverged, at: now)
            case .overtaken: break
            case .dirty(let paths):
                let reason =
                    "uncommitted edits in \(Self.some(paths)) stand where the remote changed the same files:"
                    + " commit or stash them in \(directory)"
                record.diverged = RemoteRecord.trouble(reason, before: record.diverged, at: now)
            }
        }
    }

    /// Pushes the head if the remote lacks it; commits that a person made here too.
    private nonisolated func pushHead(_ link: RemoteLink, within limit: Duration) async throws(RemoteFailure) {
        guard link.options.mayPush else { return }
        do {
            let seen = try await link.commit(link.seenReference)
            guard let head = try await link.commit("refs/heads/\(branch)"), head != seen else { return }
            if case .failed(let reason) = await link.push(head, replacing: seen, within: limit) {
                throw RemoteFailure.unreachable(reason)
            }
            // A stale one is looked at again at the next turn.
        } catch let failure as RemoteFailure {
            throw failure
        } catch {
            throw .failed("\(error)")
        }
    }

    /// Brings the branch to the remote's head, which was fetched (nil: the remote has no such branch).
    private nonisolated func integrate(
        _ found: RemoteLink.Fetched, _ link: RemoteLink, _ move: Move
    ) async throws(RemoteFailure) {
        do {
            let seen = try await link.commit(link.seenReference)
            guard seen == found.seen else { throw RemoteFailure.overtaken }
            let local = try await link.commit("refs/heads/\(branch)")
            guard let fetched = found.head else {
                guard let seen else { return }
                throw RemoteFailure.diverged(
                    "branch \(branch) of \(link.options.display) is gone, its head was \(Self.short(seen)):"
                        + " restore it there, or forget it with"
                        + " `git -C \(directory) update-ref -d \(link.seenReference)`, then it is pushed anew")
            }
            if let seen, try await !link.isAncestor(seen, of: fetched) {
                // Once the branch here doesn't contain the old head any more, somebody has accepted the new one.
                if let local, try await link.isAncestor(seen, of: local) {
                    throw RemoteFailure.diverged(
                        "branch \(branch) of \(link.options.display) was moved by force from \(Self.short(seen)) to"
                            + " \(Self.short(fetched)): restore it with"
                            + " `git -C \(directory) push --force \(link.options.display) \(Self.short(seen)):\(branch)`,"
                            + " or accept it with `git -C \(directory) reset --hard \(Self.short(fetched))`")
                }
            }
            if seen != fetched { try await see(fetched, after: seen, link) }
            guard let local else { return try await beginBranch(at: fetched) }
            if try await link.isAncestor(fetched, of: local) { return }
            if try await link.isAncestor(local, of: fetched) { return try await move(name(local), name(fetched)) }
            try await merge(local, fetched, link, move)
        } catch let failure as RemoteFailure {
            throw failure
        } catch {
            throw .failed("\(error)")
        }
    }

    /// Remembers the remote's head, unless a push did that meanwhile.
    private nonisolated func see(_ head: String, after seen: String?, _ link: RemoteLink) async throws {
        let old = seen ?? String(repeating: "0", count: head.utf8.count)
        let finished = try await git.run(
            ["update-ref", link.seenReference, head, old], in: directory, within: .seconds(300))
        guard finished.status != 0 else { return }
        if try await link.commit(link.seenReference) != seen { throw RemoteFailure.overtaken }
        throw GitFailure(errorOutput: finished.errors, directory: directory, command: "update-ref")
    }

    /// Joins two histories by a merge commit: a rebase would give other names to commits that were acknowledged, applied
    /// and recorded.
    private nonisolated func merge(
        _ local: String, _ fetched: String, _ link: RemoteLink, _ move: Move
    ) async throws {
        let remote = link.options.display
        let advice =
            "bring them together by hand, as with `git pull --no-rebase` in a clone, and push"
        let both = "commits stand both here (\(Self.short(local))) and at \(remote) (\(Self.short(fetched)))"
        guard link.options.mayPush, signatures == nil else {
            throw RemoteFailure.diverged("\(both), and WireBuddy may not write: \(advice)")
        }
        let merged = try await git.run(
            ["merge-tree", "--write-tree", "--name-only", "--no-messages", local, fetched], in: directory,
            within: .seconds(300))
        let lines = String(decoding: merged.output, as: UTF8.self).split(separator: "\n").map(String.init)
        switch merged.status {
        case 0: break
        case 1:
            throw RemoteFailure.diverged(
                "\(both), and they conflict in \(Self.some(Array(lines.dropFirst()))): \(advice)")
        default:
            let why = GitFailure(errorOutput: merged.errors, directory: directory, command: "merge-tree")
            throw RemoteFailure.diverged("\(both), and can't be merged (\(why)): \(advice)")
        }
        guard let tree = lines.first else { throw RemoteFailure.failed("git merge-tree named no tree") }
        let problems = try await loadTree(tree, now: link.options.clock.now()).errors
        if let first = problems.first {
            throw RemoteFailure.diverged("\(both), and together they are not valid (\(first)): \(advice)")
        }
        let message = "Merge branch \(branch) of \(remote)\n\nVia: remote\n"
        let commit = try await git.run(
            Self.committer + ["commit-tree", tree, "-p", local, "-p", fetched, "-m", message], in: directory)
        let merge = String(decoding: commit, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        try await move(name(local), name(merge))
    }

    private nonisolated func name(_ text: String) throws(GitFailure) -> ObjectName {
        guard let name = ObjectName(hexadecimal: Array(text.utf8)) else {
            throw GitFailure("git named \"\(text)\", which is no commit, in \(directory)")
        }
        return name
    }

    /// Who commits what no user asked for.
    nonisolated static let committer = [
        "-c", "user.name=WireBuddy", "-c", "user.email=wirebuddy@localhost", "-c", "commit.gpgSign=false",
    ]

    nonisolated static func short(_ commit: String) -> String { String(commit.prefix(12)) }

    nonisolated static func some(_ paths: [String]) -> String {
        paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
    }
}

extension Result<Void, RemoteFailure> {
    fileprivate var isOvertaken: Bool {
        if case .failure(.overtaken) = self { true } else { false }
    }
}

extension LoadedRevision {
    /// What makes it unusable, rendered; empty when it is usable.
    var errors: [String] {
        guard catalog == nil else { return [] }
        let errors = problems.filter { $0.severity == .error }.map { $0.render() }
        return errors.isEmpty ? ["it holds no document"] : errors
    }
}
