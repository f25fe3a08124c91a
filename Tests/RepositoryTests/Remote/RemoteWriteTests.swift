import Dispatch
import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

@Suite("Writes with a remote")
struct RemoteWriteTests {
    let remote: TestRemote
    let repository: ConfigurationRepository

    init() throws {
        remote = try TestRemote()
        repository = remote.repository()
    }

    /// A write that adds a peer unless its file exists.
    private func add(_ number: Int, description: String = "") -> WriteRequest {
        let path = "peers/wg0/\(Sample.peerName(number)).yaml"
        return WriteRequest(
            author: CommitAuthor(name: "alice", email: "alice@example.com"),
            trailers: [CommitTrailer("Request-Id", "request-\(number)")], now: TestRepository.now
        ) { tree in
            guard try tree.bytes(of: path) == nil else { throw WriteFailure.conflict("\(path) exists") }
            let text = Sample.peer(number, description: description)
            return TreeChange(
                subject: "Add peer \(number)", body: "", files: [FileChange(path: path, content: Array(text.utf8))])
        }
    }

    /// A write that describes a peer.
    private func describe(_ number: Int, _ text: String) -> WriteRequest {
        let path = "peers/wg0/\(Sample.peerName(number)).yaml"
        return WriteRequest(author: CommitAuthor(name: "alice", email: ""), now: TestRepository.now) { tree in
            guard try tree.bytes(of: path) != nil else { throw WriteFailure.conflict("\(path) is gone") }
            let changed = Sample.peer(number, description: text)
            return TreeChange(
                subject: "Describe peer \(number)", body: "",
                files: [FileChange(path: path, content: Array(changed.utf8))])
        }
    }

    private func failure(_ request: WriteRequest) async -> WriteFailure? {
        do throws(WriteFailure) {
            _ = try await repository.write(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func aWriteIsPushedBeforeItIsAnswered() async throws {
        let receipt = try await repository.write(add(2))
        #expect(receipt.remote == .pushed)
        #expect(try remote.remoteHead == receipt.revision && remote.localHead == receipt.revision)
        let again = try await repository.write(describe(2, ""))
        #expect(again.isUnchanged && again.remote == .pushed)
        await repository.close()
    }

    @Test func aRejectedWriteIsMadeAgainOnTheNewHead() async throws {
        _ = try await repository.write(add(2))
        let there = try remote.pushElsewhere("peers/wg0/peer-3.yaml", Sample.peer(3))
        let receipt = try await repository.write(add(4))
        #expect(receipt.remote == .pushed)
        #expect(try remote.remoteHead == receipt.revision && remote.localHead == receipt.revision)
        #expect(try remote.tree.git("rev-parse", "main~1") == there)
        #expect(try remote.file("peers/wg0/peer-3.yaml") == Sample.peer(3))
        #expect(try remote.tree.git("status", "--porcelain") == "")
        await repository.close()
    }

    @Test func aTargetThatOthersChangedIsAConflictAndNothingOfItStays() async throws {
        let there = try remote.pushElsewhere("peers/wg0/peer-3.yaml", Sample.peer(3, description: "theirs"))
        #expect(await failure(add(3, description: "mine"))?.description == "peers/wg0/peer-3.yaml exists")
        #expect(try remote.remoteHead == there && remote.localHead == there)
        #expect(try remote.file("peers/wg0/peer-3.yaml") == Sample.peer(3, description: "theirs"))
        await repository.close()
    }

    @Test func whileTheRemoteIsUnpluggedWritesGoOnHere() async throws {
        _ = await repository.follow()
        try remote.unplug()
        let first = try await repository.write(add(2))
        #expect(first.remote == .ahead(1))
        #expect(try await repository.write(add(3)).remote == .ahead(2))
        let status = try #require(await repository.remoteStatus())
        #expect(status.state == .unreachable && status.ahead == 2 && !status.reason.isEmpty)
        // Somebody else goes on at the remote, and it comes back.
        try remote.plug()
        let there = try remote.pushElsewhere("peers/wg0/peer-4.yaml", Sample.peer(4))
        // After a restart.
        let restarted = remote.repository()
        #expect(await restarted.follow()?.state == .inSync)
        for commit in [first.revision, there] {
            try remote.tree.git("merge-base", "--is-ancestor", commit, "main", in: remote.bare)
        }
        #expect(try await restarted.read(now: TestRepository.now).catalog.peers.count == 5)
        #expect(try remote.tree.git("status", "--porcelain") == "")
        await repository.close()
        await restarted.close()
    }

    @Test func aWriteCatchesUpWithWhatWasCommittedWhileTheRemoteWasAway() async throws {
        _ = await repository.follow()
        try remote.unplug()
        let first = try await repository.write(add(2))
        try remote.plug()
        try remote.pushElsewhere("peers/wg0/peer-4.yaml", Sample.peer(4))
        // Long enough for the next try.
        remote.clock.advance(1000)
        let second = try await repository.write(add(3))
        #expect(second.remote == .pushed)
        #expect(try remote.remoteHead == second.revision && remote.localHead == second.revision)
        try remote.tree.git("merge-base", "--is-ancestor", first.revision, "main", in: remote.bare)
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 5)
        await repository.close()
    }

    @Test func aForceMovedRemoteRefusesWrites() async throws {
        _ = try await repository.write(add(2))
        let before = try remote.localHead
        try remote.tree.git("fetch", "-q", in: remote.clone)
        try remote.tree.git("commit", "-q", "--allow-empty", "-m", "rewritten", in: remote.clone)
        try remote.tree.git("push", "-q", "--force", in: remote.clone)
        let rewritten = try remote.remoteHead
        let failure = await failure(add(3))
        #expect(failure?.description.contains("moved by force") == true)
        #expect(try remote.localHead == before && remote.remoteHead == rewritten)
        #expect(await repository.remoteStatus()?.state == .diverged)
        await repository.close()
    }

    @Test func aPersonsEditsHoldBackOnlyWhatMeetsThem() async throws {
        try remote.pushElsewhere("peers/wg0/peer-0.yaml", Sample.peer(0, description: "theirs"))
        try remote.tree.write("peers/wg0/peer-0.yaml", "# mine\n")
        // The write itself is elsewhere, but the remote's head, which it must follow, is not.
        #expect(await failure(add(2))?.description.hasPrefix("peers/wg0/peer-0.yaml: uncommitted edits") == true)
        #expect(try remote.file("peers/wg0/peer-0.yaml") == "# mine\n")
        await repository.close()
    }

    @Test func aRepositoryWithoutCommitsTakesTheRemotes() async throws {
        let empty = try TestRepository(git: true)
        try empty.git("remote", "add", "origin", remote.bare)
        let repository = ConfigurationRepository(
            directory: empty.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: empty.environment),
            remote: RemoteOptions(name: "origin", clock: remote.clock))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try empty.git("status", "--porcelain") == "")
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 2)
        let receipt = try await repository.write(add(7))
        #expect(try receipt.remote == .pushed && remote.remoteHead == receipt.revision)
        await repository.close()
    }

    /// 50 writers here, 2 people who push the same remote, and some who all want the same peer.
    @Test func manyWritersAndTwoPushersLoseNothing() async throws {
        let writers = 50
        let began = ContinuousClock.now
        async let pushers: [[String]] = withThrowingTaskGroup(of: [String].self) { group in
            for pusher in 0..<2 {
                group.addTask { try await self.pushRepeatedly(pusher, commits: 8) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let results = await withTaskGroup(of: [(number: Int, result: Result<WriteReceipt, any Error>)].self) { group in
            for writer in 0..<writers {
                group.addTask {
                    var results: [(number: Int, result: Result<WriteReceipt, any Error>)] = []
                    // Three of its own, and one that all want.
                    for number in [100 + writer * 3, 101 + writer * 3, 102 + writer * 3, 99] {
                        do {
                            results.append((number, .success(try await self.repository.write(self.add(number)))))
                        } catch {
                            results.append((number, .failure(error)))
                        }
                    }
                    return results
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let pushed = try await pushers.flatMap(\.self)
        let took = ContinuousClock.now - began
        #expect(await repository.follow()?.state == .inSync)
        await repository.close()

        let accepted = results.compactMap { number, result in (try? result.get()).map { (number, $0.revision) } }
        var conflicts = 0
        for (number, result) in results {
            guard case .failure(let error) = result else { continue }
            // Nothing but the peer that all want, or others that pushed all the time, may fail.
            guard case WriteFailure.conflict(let why) = error else {
                Issue.record("\(number): \(error)")
                continue
            }
            conflicts += 1
            #expect(number == 99 || why.contains("keeps moving"), "\(number): \(why)")
        }
        #expect(accepted.count(where: { $0.0 == 99 }) == 1)
        #expect(accepted.count > writers * 3 / 2)
        let history = Set(
            try remote.tree.git("rev-list", "main", in: remote.bare).split(separator: "\n").map(String.init))
        #expect(accepted.allSatisfy { history.contains($0.1) }, "every accepted write is at the remote")
        #expect(pushed.allSatisfy(history.contains), "what others pushed is too")
        #expect(Set(accepted.map(\.1)).count == accepted.count)
        // Each write once, and nothing that was refused.
        let subjects = try remote.tree.git("log", "--format=%s", "--no-merges", "main", in: remote.bare)
            .split(separator: "\n").map(String.init)
        let ours = subjects.filter { $0.hasPrefix("Add peer") }
        #expect(ours.sorted() == accepted.map { "Add peer \($0.0)" }.sorted())
        // No commit is empty.
        let trees = try remote.tree.git("log", "--no-merges", "--format=%T %P", "main", in: remote.bare)
        for line in trees.split(separator: "\n") {
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 2 else { continue }
            #expect(try remote.tree.git("rev-parse", "\(parts[1])^{tree}", in: remote.bare) != parts[0])
        }
        // Nothing is lost in the files either.
        let names = Set(
            try remote.tree.git("ls-tree", "-r", "--name-only", "main", in: remote.bare).split(separator: "\n").map(
                String.init))
        #expect(accepted.allSatisfy { names.contains("peers/wg0/peer-\($0.0).yaml") })
        #expect(names.filter { $0.hasPrefix("elsewhere/") }.count == 16)
        #expect(try remote.localHead == remote.remoteHead)
        #expect(try remote.tree.git("status", "--porcelain") == "")
        try remote.tree.git("fsck", "--strict")
        let merges = try remote.tree.git("rev-list", "--count", "--merges", "main", in: remote.bare)
        print(
            "\(writers) writers and 2 pushers: \(accepted.count) writes and \(pushed.count) pushes in \(took),"
                + " \(conflicts) conflicts, \(merges) merges")
    }

    /// Somebody who commits in a clone of his own and pushes, rebasing as often as it takes. Returns his commits.
    private func pushRepeatedly(_ pusher: Int, commits: Int) async throws -> [String] {
        let remote = remote
        let clone = "\(remote.tree.root)/pusher-\(pusher)"
        // Off the pool of tasks: git is waited for.
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        try remote.tree.run("git", ["clone", "-q", remote.bare, clone])
                        var done: [String] = []
                        for number in 0..<commits {
                            let file = URL(fileURLWithPath: "\(clone)/elsewhere/\(pusher)-\(number).yaml")
                            try FileManager.default.createDirectory(
                                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                            try Data(Sample.peer(1000 + pusher * 100 + number).utf8).write(to: file)
                            try remote.tree.git("add", "-A", in: clone)
                            try remote.tree.git("commit", "-q", "-m", "elsewhere \(pusher)-\(number)", in: clone)
                            var isPushed = false
                            while !isPushed {
                                try remote.tree.git("pull", "-q", "--rebase", in: clone)
                                isPushed = (try? remote.tree.git("push", "-q", in: clone)) != nil
                            }
                            done.append(try remote.tree.git("rev-parse", "HEAD", in: clone))
                            Thread.sleep(forTimeInterval: 0.1)
                        }
                        return done
                    })
            }
        }
    }
}
