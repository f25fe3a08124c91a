import Foundation
import Model
import Reconciler
import Testing

@testable import Repository

/// Whatever git or the disk does: an error that says so, never an empty state.
@Suite struct GitFaultTests {
    let tree: TestRepository

    init() throws { tree = try TestRepository(git: true) }

    private func failure(_ repository: ConfigurationRepository) async -> RevisionFailure? {
        do {
            _ = try await repository.read(now: TestRepository.now)
            return nil
        } catch { return error }
    }

    private func unreadable(_ repository: ConfigurationRepository? = nil) async -> String {
        guard case .unreadable(let message) = await failure(repository ?? tree.repository()) else {
            return "not unreadable"
        }
        return message
    }

    @Test func noCommitYet() async throws {
        let message = await unreadable()
        #expect(message.contains("has no commit yet") && message.contains("git -C \(tree.path) add -A"))
    }

    @Test func aMissingBranchNamesTheOthers() async throws {
        try tree.writeGateway()
        try tree.commit()
        let message = await unreadable(tree.repository(branch: "production"))
        #expect(message.contains("has no branch production, but main"))
    }

    @Test(arguments: ["", "-x", "a b", "a..b", "main^{tree}", "main\nHEAD", "a//b", "x.lock", "@", "refs:heads"])
    func whatIsNoBranchNameIsNotAskedFor(branch: String) async throws {
        try tree.writeGateway()
        try tree.commit()
        #expect(await unreadable(tree.repository(branch: branch)).contains("is not the name of a branch"))
    }

    @Test func aMissingDirectory() async throws {
        let message = await unreadable(tree.repository("\(tree.root)/none"))
        #expect(message.contains("\(tree.root)/none does not exist") && message.contains("wirebuddy init"))
    }

    @Test func aFileInPlaceOfTheDirectory() async throws {
        try Data().write(to: URL(fileURLWithPath: "\(tree.root)/file"))
        #expect(await unreadable(tree.repository("\(tree.root)/file")).contains("not a directory"))
    }

    @Test func gitIsMissing() async throws {
        try tree.writeGateway()
        try tree.commit()
        var variables = tree.environment
        variables["PATH"] = tree.root
        let git = Git(environment: variables)
        let repository = ConfigurationRepository(
            directory: tree.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(), git: git)
        let message = await unreadable(repository)
        #expect(message.contains("git is not installed") && message.contains("apt-get install git"))
        #expect(git.program == nil && Git(environment: tree.environment).program != nil)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to give a directory away"))
    func aRepositoryOfAnotherUser() async throws {
        try tree.writeGateway()
        let head = try tree.commit()
        try tree.run("chown", ["-R", "65534:65534", tree.path])
        let message = await unreadable()
        #expect(message.contains("belongs to another user") && message.contains("safe.directory \(tree.path)"))
        // The user's own consent works.
        try tree.git("config", "--global", "--add", "safe.directory", tree.path)
        #expect(try await tree.repository().read(now: TestRepository.now).id == head)
    }

    @Test func aGitThatIsNoneIsNotTheOneAbove() async throws {
        try tree.writeGateway()
        try tree.commit()
        let inner = "\(tree.path)/inner"
        try FileManager.default.createDirectory(atPath: "\(inner)/.git", withIntermediateDirectories: true)
        #expect(await unreadable(tree.repository(inner)).contains("that git does not take for a repository"))
    }

    @Test(arguments: ["peers/wg0/peer-0.yaml", "peers/wg0"])
    func aDamagedObjectIsNamed(path: String) async throws {
        try tree.writeGateway()
        try tree.commit()
        let object = try tree.git("rev-parse", "HEAD:\(path)")
        let file = "\(tree.path)/.git/objects/\(object.prefix(2))/\(object.dropFirst(2))"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: file))
        let message = await unreadable()
        #expect(message.contains("is damaged") && message.contains("fsck"), "\(message)")
        try FileManager.default.removeItem(atPath: file)
        #expect(await unreadable().contains("is damaged"))
    }

    @Test func aDamagedHeadKeepsNothingButTheError() async throws {
        try tree.writeGateway()
        try tree.commit()
        let repository = tree.repository()
        _ = try await repository.read(now: TestRepository.now)
        try Data("0000000000000000000000000000000000000001\n".utf8).write(
            to: URL(fileURLWithPath: "\(tree.path)/.git/refs/heads/main"))
        #expect(await failure(repository) != nil)
    }

    @Test func linksAndSubmodulesAreRefusedByName() async throws {
        try tree.writeGateway()
        try tree.link("peers/linked.yaml", to: "wg0/peer-0.yaml")
        try tree.link("folder", to: "peers")
        try tree.commit()
        try tree.git("update-index", "--add", "--cacheinfo", "160000,\(try tree.git("rev-parse", "HEAD")),modules/dns")
        try tree.git("commit", "-q", "-m", "submodule")
        guard case .invalid(_, let problems) = await failure(tree.repository()) else {
            Issue.record("not invalid")
            return
        }
        #expect(problems.count == 3)
        #expect(problems[0].hasPrefix("folder:1:1: error[symbolic-link]"))
        #expect(problems[1].hasPrefix("modules/dns:1:1: error[submodule]"))
        #expect(problems[2].hasPrefix("peers/linked.yaml:1:1: error[symbolic-link]"))
    }

    @Test func anInvalidHeadNamesAllProblems() async throws {
        try tree.writeGateway()
        try tree.write("a.yaml", "kind: Peer\nname: x\n")
        try tree.write("b.yaml", "{")
        let head = try tree.commit()
        let repository = tree.repository()
        guard case .invalid(let revision, let problems) = await failure(repository) else {
            Issue.record("not invalid")
            return
        }
        #expect(revision == head && problems.count >= 2)
        #expect(problems.contains { $0.hasPrefix("a.yaml:") } && problems.contains { $0.hasPrefix("b.yaml:") })
        #expect(await failure(repository) == .invalid(revision: revision, problems: problems))
        #expect(try await repository.load(now: TestRepository.now).problems.count == problems.count)
        try tree.git("rm", "-q", "a.yaml", "b.yaml")
        try tree.commit()
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 2)
    }

    @Test func noDocumentAtAllIsInvalid() async throws {
        try tree.write("README.md", "nothing")
        let head = try tree.commit()
        guard case .invalid(head, let problems) = await failure(tree.repository()) else {
            Issue.record("not invalid")
            return
        }
        #expect(problems.count == 1 && problems[0].contains("no-documents"), "\(problems)")
    }

    /// Neither hooks nor monitors nor helpers of the repository run.
    @Test func nothingOfTheRepositoryIsExecuted() async throws {
        try tree.writeGateway()
        try tree.commit()
        let marker = "\(tree.root)/executed"
        let script = "\(tree.root)/script"
        try Data("#!/bin/sh\ntouch \(marker)\n".utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        try tree.git("config", "core.fsmonitor", script)
        try tree.git("config", "core.pager", script)
        try tree.git("config", "core.hooksPath", tree.root)
        try tree.git("config", "diff.external", script)
        try FileManager.default.copyItem(atPath: script, toPath: "\(tree.root)/post-index-change")
        let repository = tree.repository()
        _ = try await repository.read(now: TestRepository.now)
        _ = try await repository.readWorktree(now: TestRepository.now)
        _ = try await repository.worktreeStatus()
        #expect(!FileManager.default.fileExists(atPath: marker))
    }
}
