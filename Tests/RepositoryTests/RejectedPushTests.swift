import Foundation
import Manifest
import Model
import Testing

@testable import Repository

/// What git leaves in the worktree when a push is rejected because a write moved the branch first.
@Suite struct RejectedPushTests {
    let tree: TestRepository
    let repository: ConfigurationRepository
    /// A commit of a clone, on the first head.
    let pushed: String

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        repository = tree.repository()
        try tree.git("config", "receive.denyCurrentBranch", "updateInstead")
        let clone = "\(tree.root)/clone"
        try tree.git("clone", "-q", tree.path, clone, in: tree.root)
        let folder = "\(clone)/peers/wg0"
        try Data(Sample.peer(7).utf8).write(to: URL(fileURLWithPath: "\(folder)/peer-7.yaml"))
        try FileManager.default.removeItem(atPath: "\(folder)/peer-1.yaml")
        try tree.git("add", "-A", in: clone)
        try tree.git("commit", "-q", "-m", "pushed", in: clone)
        pushed = try tree.git("rev-parse", "HEAD", in: clone)
        // Its objects are here, and nobody names it.
        try tree.git("push", "-q", "origin", "HEAD:refs/heads/away", in: clone)
        try tree.git("update-ref", "-d", "refs/heads/away")
    }

    /// The first half of a push, as `updateInstead` does it.
    private func bringAlong(_ commit: String) throws {
        try tree.git("update-index", "-q", "--refresh")
        try tree.git("read-tree", "-u", "-m", "HEAD", commit)
    }

    private var isClean: Bool { get throws { try tree.git("status", "--porcelain").isEmpty } }

    @Test func theWorktreeComesBackWithTheNextWrite() async throws {
        _ = try await repository.write(.describing(0, "first"))
        try bringAlong(pushed)
        #expect(try !isClean)
        _ = try await repository.write(.describing(0, "second"))
        #expect(try isClean)
        #expect(tree.exists("peers/wg0/peer-1.yaml") && !tree.exists("peers/wg0/peer-7.yaml"))
        #expect(try tree.text("peers/wg0/peer-0.yaml").contains("second"))
    }

    @Test func andWithoutOneAfterAMoment() async throws {
        _ = try await repository.write(.describing(0, "first"))
        try bringAlong(pushed)
        for _ in 0..<100 {
            if try isClean { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("the worktree did not come back in ten seconds")
    }

    @Test func whatAPersonEditedMeanwhileStays() async throws {
        _ = try await repository.write(.describing(0, "first"))
        try bringAlong(pushed)
        try tree.write("peers/wg0/peer-7.yaml", "mine")
        _ = try await repository.write(.describing(0, "second"))
        #expect(try tree.text("peers/wg0/peer-7.yaml") == "mine")
        #expect(try tree.git("diff", "--cached", "--name-only").isEmpty)
    }

    @Test func aSoftResetIsNoRejectedPush() async throws {
        try tree.write("peers/wg0/peer-7.yaml", Sample.peer(7))
        try tree.commit("mine")
        try tree.git("reset", "-q", "--soft", "HEAD~1")
        _ = try await repository.write(.describing(0, "first"))
        #expect(try tree.git("diff", "--cached", "--name-only") == "peers/wg0/peer-7.yaml")
    }

    @Test func aWorktreeWithoutIndexTakesNewFiles() async throws {
        try tree.remove(".git/index")
        _ = try await repository.write(.adding(2))
        #expect(
            try tree.git("show", "HEAD:peers/wg0/peer-2.yaml")
                == tree.text("peers/wg0/peer-2.yaml").trimmingCharacters(in: .newlines))
    }

    @Test func aPushThatWinsIsNoLeftover() async throws {
        try tree.git("push", "-q", tree.path, "HEAD:main", in: "\(tree.root)/clone")
        _ = try await repository.write(.describing(0, "first"))
        #expect(try isClean)
        #expect(tree.exists("peers/wg0/peer-7.yaml") && !tree.exists("peers/wg0/peer-1.yaml"))
    }
}
