import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

/// What a crash between the steps of a write leaves is finished by the next writer.
@Suite struct WriteRecoveryTests {
    let tree: TestRepository
    let repository: ConfigurationRepository
    let peer = "peers/wg0/peer-0.yaml"

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        repository = tree.repository()
    }

    /// The branch has moved over three commits; files and index are as they were at `reached` of them.
    private func crash(reached: Int) throws {
        let old = try tree.git("rev-parse", "HEAD")
        for number in 1...3 {
            try tree.write(peer, Sample.peer(0, description: "version \(number)"))
            if number == 2 { try tree.write("peers/wg0/peer-2.yaml", Sample.peer(2)) }
            if number == 3 { try tree.remove("peers/wg0/peer-1.yaml") }
            try tree.commit("version \(number)")
        }
        let new = try tree.git("rev-parse", "HEAD")
        try tree.git("reset", "-q", "--hard", "\(new)~\(3 - reached)")
        try tree.git("update-ref", "refs/heads/main", new)
        try tree.write(".git/wirebuddy/lock", "")
        try FileManager.default.linkItem(
            atPath: "\(tree.path)/.git/wirebuddy/lock", toPath: "\(tree.path)/.git/index.lock")
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(tree.path)/.git/index.lock")
        let inode = try #require(attributes[.systemFileNumber] as? NSNumber)
        try tree.write(".git/wirebuddy/journal", "v1 \(old) \(inode)\n")
        try tree.write(".git/wirebuddy/new-0", "half a fi")
    }

    @Test(arguments: [0, 1, 2, 3])
    func theWorktreeIsBroughtToTheBranch(reached: Int) async throws {
        try crash(reached: reached)
        _ = try await repository.write(.adding(5))
        #expect(try tree.git("status", "--porcelain") == "")
        #expect(try tree.text(peer).contains("version 3"))
        #expect(tree.exists("peers/wg0/peer-2.yaml") && !tree.exists("peers/wg0/peer-1.yaml"))
        await repository.close()
        #expect(!tree.exists(".git/wirebuddy") && !tree.exists(".git/index.lock"))
    }

    /// Whoever looks at the worktree doesn't take what a crash left for edits.
    @Test func aLookAtTheWorktreeFinishesItToo() async throws {
        try crash(reached: 1)
        #expect(try await repository.worktreeStatus()?.edited == [])
        #expect(try tree.git("status", "--porcelain") == "" && !tree.exists(".git/wirebuddy"))
    }

    /// A person's edit between crash and start is told apart from what the crash left.
    @Test func editsAfterTheCrashStay() async throws {
        try crash(reached: 0)
        try tree.write(peer, "edited by hand")
        try tree.write("peers/wg0/peer-2.yaml", "new by hand")
        _ = try await repository.write(.adding(5))
        #expect(try tree.text(peer) == "edited by hand")
        #expect(try tree.text("peers/wg0/peer-2.yaml") == "new by hand")
        #expect(!tree.exists("peers/wg0/peer-1.yaml"))
        #expect(try tree.git("status", "--porcelain") == "M \(peer)\n M peers/wg0/peer-2.yaml")
    }

    /// The crash came before the branch moved.
    @Test func aWriteThatDidNotHappenLeavesNothing() async throws {
        try tree.write(".git/wirebuddy/new-0", "half a fi")
        let old = try tree.git("rev-parse", "HEAD")
        try tree.write(".git/wirebuddy/journal", "v1 \(old) 1\n")
        let unchanged = try await repository.write(.describing(0, ""))
        #expect(unchanged.isUnchanged && !tree.exists(".git/wirebuddy"))
        #expect(try tree.git("status", "--porcelain") == "")
    }

    @Test func anIndexLockOfAnotherGitStays() async throws {
        try crash(reached: 0)
        try tree.remove(".git/index.lock")
        try tree.write(".git/index.lock", "")
        await #expect(throws: WriteFailure.self) { try await repository.write(.adding(5)) }
        #expect(tree.exists(".git/index.lock"))
        try tree.remove(".git/index.lock")
        _ = try await repository.write(.adding(5))
        #expect(try tree.git("status", "--porcelain") == "")
    }

    @Test func filesOfAKilledGitAreRemoved() async throws {
        try tree.write(".git/objects/pack/tmp_pack_abc123", "half")
        try tree.write(".git/objects/pack/pack-00.keep", "fast-import")
        try tree.write(".git/objects/pack/pack-01.keep", "mine")
        // Killed before it wrote the word; and one that somebody made for a pack.
        try tree.write(".git/objects/pack/pack-02.keep", "")
        try tree.write(".git/objects/pack/pack-03.keep", "")
        try tree.write(".git/objects/pack/pack-03.pack", "")
        try tree.write(".git/fast_import_crash_12345", "commit refs/wirebuddy/queue\n")
        try tree.write(".git/fast_import_crash_54321", "commit refs/heads/import\n")
        _ = try await repository.write(.adding(5))
        await repository.close()
        #expect(!tree.exists(".git/objects/pack/tmp_pack_abc123") && !tree.exists(".git/objects/pack/pack-00.keep"))
        #expect(!tree.exists(".git/fast_import_crash_12345"))
        #expect(!tree.exists(".git/objects/pack/pack-02.keep") && tree.exists(".git/objects/pack/pack-03.keep"))
        #expect(tree.exists(".git/objects/pack/pack-01.keep") && tree.exists(".git/fast_import_crash_54321"))
    }

    /// Root writes into the repository of somebody else (`sudo`), who can go on working there.
    @Test(.enabled(if: geteuid() == 0, "needs root")) func whatRootMakesBelongsToTheOwner() async throws {
        try tree.run("chown", ["-R", "12345:12345", tree.path])
        try tree.git("config", "--file", "\(tree.root)/.gitconfig", "safe.directory", "*")
        let repository = tree.repository()
        _ = try await repository.write(.adding(2))
        _ = try await repository.write(.changing("more/folders/peer-3.yaml", Sample.peer(3)))
        let during = try tree.run("find", [tree.path, "!", "-user", "12345", "!", "-name", "tmp_pack_*"])
        #expect(during == "")
        await repository.close()
        #expect(try tree.run("find", [tree.path, "!", "-user", "12345"]) == "")
    }
}
