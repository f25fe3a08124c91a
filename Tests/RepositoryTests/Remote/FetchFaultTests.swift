import Foundation
import Testing

@testable import Repository

/// What goes wrong while the remote is followed: told, nothing of it taken over, and nothing left behind that stops the
/// next look.
@Suite struct FetchFaultTests {
    let remote: TestRemote
    let repository: ConfigurationRepository

    init() throws {
        remote = try TestRemote()
        repository = remote.repository()
    }

    private var git: String { "\(remote.tree.path)/.git" }

    private func make(_ path: String, age: TimeInterval) throws {
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("half".utf8).write(to: file)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    }

    private func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test(arguments: ["fetched/loop/main", "remote/main"])
    func aLockThatAKilledFetchLeftIsNotInTheWay(reference: String) async throws {
        _ = await repository.follow()
        let lock = "\(git)/refs/wirebuddy/\(reference).lock"
        try make(lock, age: 60)
        let head = try remote.pushElsewhere("peers/wg0/peer-2.yaml", Sample.peer(2))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.localHead == head && !isThere(lock))
    }

    /// Each look at a remote that breaks off would leave one; what is young may belong to somebody at work.
    @Test func unfinishedPacksAreRemoved() async throws {
        let old = "\(git)/objects/pack/tmp_pack_killed"
        let young = "\(git)/objects/pack/tmp_pack_working"
        try make(old, age: 60)
        try make(young, age: 0)
        _ = await repository.follow()
        #expect(!isThere(old) && isThere(young))
    }

    @Test func aDamagedRemoteIsNamedAndNothingOfItIsTaken() async throws {
        _ = await repository.follow()
        let before = try remote.localHead
        let head = try remote.pushElsewhere("peers/wg0/peer-2.yaml", Sample.peer(2))
        let object = try remote.tree.git("rev-parse", "\(head):peers/wg0/peer-2.yaml", in: remote.bare)
        let file = "\(remote.bare)/objects/\(object.prefix(2))/\(object.dropFirst(2))"
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: file))
        let status = try #require(await repository.follow())
        #expect(status.state == .unreachable && status.reason.contains("the remote is damaged"), "\(status.reason)")
        #expect(!status.reason.contains("fsck"), "not the repository here")
        #expect(try remote.localHead == before && remote.tree.git("status", "--porcelain") == "")
        try whole.write(to: URL(fileURLWithPath: file))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.localHead == head)
    }

    /// A full disk, for one: what can't be written beside the repository is known all the same.
    @Test func whatCannotBeNotedIsTold() async throws {
        _ = await repository.follow()
        try FileManager.default.createDirectory(
            atPath: "\(git)/wirebuddy-remote.new", withIntermediateDirectories: false)
        try remote.unplug()
        let status = try #require(await repository.follow())
        #expect(status.state == .unreachable && !status.reason.isEmpty)
        #expect(await repository.remoteStatus() == status)
        try FileManager.default.removeItem(atPath: "\(git)/wirebuddy-remote.new")
        try remote.plug()
        #expect(await repository.follow()?.state == .inSync)
        #expect(await remote.repository().remoteStatus()?.state == .inSync)
    }
}
