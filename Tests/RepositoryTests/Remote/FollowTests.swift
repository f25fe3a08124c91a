import Foundation
import Model
import Reconciler
import Testing

@testable import Repository

@Suite("Following a remote")
struct FollowTests {
    let remote: TestRemote
    let repository: ConfigurationRepository

    init() throws {
        remote = try TestRemote()
        repository = remote.repository()
    }

    @Test func aRemoteAheadIsFollowedWithTheFiles() async throws {
        #expect(await repository.remoteStatus()?.state == .unknown)
        #expect(await repository.follow()?.state == .inSync)
        let head = try remote.pushElsewhere("peers/wg0/peer-2.yaml", Sample.peer(2))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.localHead == head)
        #expect(try remote.file("peers/wg0/peer-2.yaml") == Sample.peer(2))
        #expect(try remote.tree.git("status", "--porcelain") == "")
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 3)
    }

    @Test func uncommittedEditsElsewhereStayAndOnTheSameFileHoldItBack() async throws {
        _ = await repository.follow()
        let before = try remote.localHead
        try remote.tree.write("peers/wg0/peer-0.yaml", "# mine\n")
        try remote.pushElsewhere("peers/wg0/peer-1.yaml", Sample.peer(1, description: "new"))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.file("peers/wg0/peer-0.yaml") == "# mine\n")
        let moved = try remote.localHead
        #expect(moved != before)
        try remote.pushElsewhere("peers/wg0/peer-0.yaml", Sample.peer(0, description: "theirs"))
        let status = try #require(await repository.follow())
        #expect(status.state == .diverged && status.behind == 1)
        #expect(status.reason.contains("peers/wg0/peer-0.yaml"))
        #expect(try remote.localHead == moved)
        #expect(try remote.file("peers/wg0/peer-0.yaml") == "# mine\n")
        try remote.tree.git("checkout", "-q", "peers/wg0/peer-0.yaml")
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.file("peers/wg0/peer-0.yaml") == Sample.peer(0, description: "theirs"))
    }

    @Test func commitsOfAPersonArePushed() async throws {
        _ = await repository.follow()
        let head = try remote.commitHere("peers/wg0/peer-2.yaml", Sample.peer(2))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.remoteHead == head)
    }

    @Test func aRemoteThatMayNotBePushedToIsOnlyFollowed() async throws {
        let repository = remote.repository(mayPush: false)
        try remote.commitHere("peers/wg0/peer-2.yaml", Sample.peer(2))
        let status = try #require(await repository.follow())
        #expect(status.state == .ahead && status.ahead == 1)
        #expect(try remote.remoteHead != remote.localHead)
    }

    @Test func commitsOnBothSidesAreMergedAndKeepTheirNames() async throws {
        _ = await repository.follow()
        let here = try remote.commitHere("peers/wg0/peer-2.yaml", Sample.peer(2))
        let there = try remote.pushElsewhere("peers/wg0/peer-3.yaml", Sample.peer(3))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.localHead == remote.remoteHead)
        #expect(
            try remote.tree.git("rev-list", "--parents", "-1", "main").split(separator: " ").dropFirst() == [
                here[...], there[...],
            ])
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 4)
        #expect(try remote.tree.git("status", "--porcelain") == "")
    }

    @Test func conflictsWaitForAPerson() async throws {
        _ = await repository.follow()
        let here = try remote.commitHere("peers/wg0/peer-0.yaml", Sample.peer(0, description: "mine"))
        let there = try remote.pushElsewhere("peers/wg0/peer-0.yaml", Sample.peer(0, description: "theirs"))
        for _ in 0..<2 {
            let status = try #require(await repository.follow())
            #expect(status.state == .diverged && status.ahead == 1 && status.behind == 1)
            #expect(status.reason.contains("peers/wg0/peer-0.yaml") && status.since == TestRepository.now)
            remote.clock.advance(60)
        }
        #expect(try remote.localHead == here)
        #expect(try remote.remoteHead == there)
        // A person resolves it.
        try remote.tree.git("pull", "-q", "--no-rebase", "-X", "ours", "origin", "main")
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.remoteHead == remote.localHead)
    }

    @Test func whatIsNotValidTogetherWaitsForAPerson() async throws {
        _ = await repository.follow()
        let twin = Sample.peer(2).replacing("name: peer-2", with: "name: twin")
        let here = try remote.commitHere("peers/wg0/twin.yaml", twin)
        try remote.pushElsewhere("peers/wg0/peer-2.yaml", Sample.peer(2))
        let status = try #require(await repository.follow())
        #expect(status.state == .diverged)
        #expect(status.reason.contains("together they are not valid (peers/wg0/"))
        #expect(try remote.localHead == here)
    }

    @Test func unrelatedHistoriesWaitForAPerson() async throws {
        try remote.tree.run("git", ["init", "-q", "--bare", "-b", "main", "\(remote.tree.root)/other.git"])
        let other = try TestRepository(git: true)
        try other.writeGateway()
        try other.commit("another beginning")
        try other.git("push", "-q", "\(remote.tree.root)/other.git", "main")
        try remote.tree.git("remote", "set-url", "origin", "\(remote.tree.root)/other.git")
        let status = try #require(await repository.follow())
        #expect(status.state == .diverged)
    }

    @Test func anEmptyRemoteGetsTheBranch() async throws {
        try FileManager.default.removeItem(atPath: remote.bare)
        try remote.tree.run("git", ["init", "-q", "--bare", "-b", "main", remote.bare])
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.remoteHead == remote.localHead)
    }

    // Force

    @Test func aForceMovedRemoteIsNeitherFollowedNorOverwritten() async throws {
        try remote.pushElsewhere("peers/wg0/peer-2.yaml", Sample.peer(2))
        _ = await repository.follow()
        let before = try remote.localHead
        try remote.tree.git("reset", "-q", "--hard", "HEAD~1", in: remote.clone)
        try remote.tree.git("commit", "-q", "--allow-empty", "-m", "rewritten", in: remote.clone)
        try remote.tree.git("push", "-q", "--force", in: remote.clone)
        let rewritten = try remote.remoteHead
        for _ in 0..<2 {
            let status = try #require(await repository.follow())
            #expect(status.state == .diverged && status.reason.contains("moved by force"))
        }
        #expect(try remote.localHead == before)
        // Neither is a new commit of ours pushed over it.
        let here = try remote.commitHere("peers/wg0/peer-5.yaml", Sample.peer(5))
        #expect(await repository.follow()?.state == .diverged)
        #expect(await repository.link?.publish(here) == .rejected)
        #expect(try remote.remoteHead == rewritten)
        // Nor after a restart.
        #expect(await remote.repository().follow()?.state == .diverged)
        // A person accepts it.
        try remote.tree.git("reset", "-q", "--hard", rewritten)
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.remoteHead == rewritten)
    }

    @Test func aRemoteThatWasMovedBackIsNotPushedForwardAgain() async throws {
        try remote.pushElsewhere("peers/wg0/peer-2.yaml", Sample.peer(2))
        _ = await repository.follow()
        try remote.tree.git("reset", "-q", "--hard", "HEAD~1", in: remote.clone)
        try remote.tree.git("push", "-q", "--force", in: remote.clone)
        let back = try remote.remoteHead
        let here = try remote.commitHere("peers/wg0/peer-5.yaml", Sample.peer(5))
        #expect(await repository.link?.publish(here) == .rejected)
        #expect(await repository.follow()?.state == .diverged)
        #expect(try remote.remoteHead == back)
        // A person restores it.
        try remote.tree.git("push", "-q", "origin", "main~1:main")
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.remoteHead == here)
    }

    @Test func aBranchThatWasDeletedAtTheRemoteIsNotMadeAnew() async throws {
        _ = await repository.follow()
        try remote.tree.git("update-ref", "-d", "refs/heads/main", in: remote.bare)
        let status = try #require(await repository.follow())
        #expect(status.state == .diverged && status.reason.contains("is gone"))
    }

    // Trouble

    @Test func anUnpluggedRemoteIsToldAndCaughtUpWith() async throws {
        _ = await repository.follow()
        try remote.unplug()
        let began = remote.clock.now()
        #expect(await repository.follow()?.state == .unreachable)
        remote.clock.advance(30)
        let here = try remote.commitHere("peers/wg0/peer-2.yaml", Sample.peer(2))
        #expect(await repository.link?.publish(here) == .ahead(1))
        let status = try #require(await repository.follow())
        #expect(status.state == .unreachable && status.ahead == 1 && status.since == began)
        #expect(status.reason.contains("does not appear to be a git repository"))
        // Another process knows it too.
        #expect(await remote.repository().remoteStatus() == status)
        try remote.plug()
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.remoteHead == here)
    }

    @Test func aRemoteThatNeverAnswersIsStopped() async throws {
        let program = "\(remote.tree.root)/silent"
        let note = "\(remote.tree.root)/silent.pid"
        try Data("#!/bin/sh\necho $$ >\(note)\nexec sleep 1000\n".utf8).write(to: URL(fileURLWithPath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try remote.tree.git("config", "core.sshCommand", program)
        try remote.tree.git("remote", "set-url", "origin", "ssh://git@gateway.invalid/x.git")
        let began = ContinuousClock.now
        let status = try #require(await repository.follow(within: .seconds(1)))
        // Generous: all tests run at once. The program would sleep for 1000 s.
        #expect(ContinuousClock.now - began < .seconds(200))
        #expect(status.state == .unreachable && status.reason.contains("did not end within 1 s"))
        // A write does not wait for what is known to be unreachable: it is not even tried.
        let pid = try String(contentsOfFile: note, encoding: .utf8)
        #expect(await repository.link?.publish(try remote.localHead) == .ahead(1))
        #expect(try String(contentsOfFile: note, encoding: .utf8) == pid)
        // What it started is gone too.
        let state = (try? String(contentsOfFile: "/proc/\(pid.dropLast())/stat", encoding: .utf8))?.split(
            separator: ")"
        ).last
        // Nobody may be there to reap it.
        #expect(state?.hasPrefix(" Z") ?? true)
    }

    @Test func aRefusingRemoteKeepsTheCommitHere() async throws {
        let hook = "\(remote.bare)/hooks/pre-receive"
        try Data("#!/bin/sh\necho no pushes on Sundays >&2\nexit 1\n".utf8).write(to: URL(fileURLWithPath: hook))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        _ = await repository.follow()
        try remote.commitHere("peers/wg0/peer-2.yaml", Sample.peer(2))
        let status = try #require(await repository.follow())
        #expect(status.state == .unreachable && status.ahead == 1)
        #expect(status.reason.contains("pre-receive hook declined") && status.reason.contains("no pushes on Sundays"))
    }

    @Test func passwordsOfRemotesAreNotShown() async throws {
        try remote.tree.git(
            "remote", "set-url", "origin", "https://gateway:hunter2@127.0.0.1:9/gateway.git?token=hunter2")
        let status = try #require(await repository.follow(within: .seconds(20)))
        #expect(status.state == .unreachable && !"\(status)".contains("hunter2"))
        #expect(status.reason.contains("127.0.0.1"))
        let texts = [
            ("https://a:b@h/p", "https://***@h/p"), ("https://token@h/p", "https://***@h/p"),
            ("ssh://git@h/p", "ssh://git@h/p"), ("ssh://git:b@h/p", "ssh://***@h/p"), ("git@h:p", "git@h:p"),
            ("'https://a:b@c@h/p?x=y' and http://h/@", "'https://***@h/p?***' and http://h/@"), ("/srv/x", "/srv/x"),
        ]
        for (text, shown) in texts { #expect(RemoteURL.redacted(text) == shown) }
    }

    @Test func aPlainDirectoryHasNoRemote() async throws {
        let plain = try TestRepository(git: false)
        let repository = ConfigurationRepository(
            directory: plain.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: plain.environment),
            remote: RemoteOptions(name: "origin", clock: remote.clock))
        #expect(await repository.follow() == nil)
    }

    @Test func anUnreachableRemoteIsAskedLessOften() {
        let delays = (0...6).map { RemoteFollower.delay(poll: .seconds(5), failures: $0, random: 0.5) }
        #expect(delays == [5, 10, 20, 40, 60, 60, 60].map { .seconds($0) })
    }
}
