import Foundation
import Model
import Reconciler
import Testing

@testable import Repository

@Suite struct GitRepositoryTests {
    let tree: TestRepository
    let repository: ConfigurationRepository

    init() throws {
        tree = try TestRepository(git: true)
        repository = tree.repository()
    }

    private func read(_ repository: ConfigurationRepository? = nil) async throws -> DesiredRevision {
        try await (repository ?? self.repository).read(now: TestRepository.now)
    }

    @Test func theHeadOfTheBranchIsTheDesiredState() async throws {
        try tree.writeGateway()
        let first = try tree.commit()
        let revision = try await read()
        #expect(revision.id == first && revision.origin == "git branch main")
        #expect(revision.catalog.peers.map(\.name) == ["peer-0", "peer-1"])
        #expect(revision.catalog.interfaces.first?.location.path == "interfaces/wg0.yaml")
        // Uncommitted edits, broken and new files don't count, not even staged.
        try tree.write("peers/wg0/peer-0.yaml", "broken: [")
        try tree.write("peers/wg0/peer-2.yaml", Sample.peer(2))
        try tree.git("add", "-A")
        try tree.remove("interfaces/wg0.yaml")
        #expect(try await read().catalog == revision.catalog)
        #expect(try await read().id == first)
    }

    @Test func aNewCommitIsReadAndOnlyItsFilesAreParsed() async throws {
        try tree.writeGateway(peers: 0..<5)
        try tree.commit()
        _ = try await read()
        #expect(await repository.parsedFiles == 6)
        try tree.write("peers/wg0/peer-3.yaml", Sample.peer(3, description: "changed"))
        try tree.remove("peers/wg0/peer-4.yaml")
        let second = try tree.commit()
        let revision = try await read()
        #expect(revision.id == second && revision.catalog.peers.count == 4)
        #expect(revision.catalog.peers[3].description == "changed")
        #expect(await repository.parsedFiles == 7)
        // A moved file is parsed again, because its positions name it.
        try tree.git("mv", "peers/wg0/peer-3.yaml", "elsewhere.yml")
        try tree.commit()
        #expect(try await read().catalog.peers[3].location.path == "elsewhere.yml")
        #expect(await repository.parsedFiles == 8)
    }

    @Test func anUnchangedTreeUnderANewCommitIsNotReadAgain() async throws {
        try tree.writeGateway()
        try tree.commit()
        let before = try await read()
        let again = try tree.commit("nothing changed")
        let revision = try await read()
        #expect(revision.id == again && revision.catalog == before.catalog)
        #expect(await repository.parsedFiles == 3)
    }

    @Test func packedReferencesAndObjects() async throws {
        try tree.writeGateway()
        try tree.commit()
        _ = try await read()
        try tree.write("peers/wg0/peer-2.yaml", Sample.peer(2))
        let head = try tree.commit()
        try tree.git("gc", "-q", "--prune=now")
        #expect(!FileManager.default.fileExists(atPath: "\(tree.path)/.git/refs/heads/main"))
        #expect(try await read().id == head)
        #expect(try await read(tree.repository()).catalog.peers.count == 3)
    }

    @Test func aForcePushAndPruneAreFollowed() async throws {
        try tree.writeGateway()
        let first = try tree.commit()
        try tree.write("peers/wg0/peer-2.yaml", Sample.peer(2))
        try tree.commit()
        #expect(try await read().catalog.peers.count == 3)
        try tree.git("reset", "-q", "--hard", first)
        try tree.git("reflog", "expire", "--expire=now", "--all")
        try tree.git("gc", "-q", "--prune=now")
        #expect(try await read().id == first)
    }

    @Test func aBareRepositoryHasTheSameState() async throws {
        try tree.writeGateway()
        let head = try tree.commit()
        let bare = "\(tree.root)/bare.git"
        try tree.git("clone", "-q", "--bare", tree.path, bare)
        let repository = tree.repository(bare)
        #expect(try await read(repository).id == head)
        await #expect(throws: RevisionFailure.unreadable("\(bare) is a bare repository: it has no worktree to look at"))
        {
            try await repository.readWorktree(now: TestRepository.now)
        }
        #expect(try await repository.worktreeStatus() == nil)
    }

    @Test func aLinkedWorktreeAndAnotherBranch() async throws {
        try tree.writeGateway()
        try tree.commit()
        let linked = "\(tree.root)/linked"
        try tree.git("worktree", "add", "-q", "-b", "site/berlin", linked)
        let repository = tree.repository(linked, branch: "site/berlin")
        #expect(try await read(repository).origin == "git branch site/berlin")
        try Data(Sample.peer(5).utf8).write(to: URL(fileURLWithPath: "\(linked)/new.yaml"))
        try tree.git("add", "-A", in: linked)
        try tree.git("commit", "-q", "-m", "new", in: linked)
        #expect(try await read(repository).catalog.peers.count == 3)
        #expect(try await read().catalog.peers.count == 2)
    }

    @Test func sha256Objects() async throws {
        let other = try TestRepository(git: false)
        try other.git("init", "-q", "-b", "main", "--object-format=sha256")
        try other.writeGateway()
        let head = try other.commit()
        #expect(head.utf8.count == 64)
        #expect(try await read(other.repository()).id == head)
    }

    @Test func aFolderOfARepositoryIsAPlainDirectory() async throws {
        try tree.write("gateway/wg0.yaml", Sample.interface)
        try tree.commit()
        try tree.write("gateway/peer.yaml", Sample.peer(1))
        let revision = try await read(tree.repository("\(tree.path)/gateway"))
        #expect(revision.id.hasPrefix("sha-") && revision.catalog.peers.count == 1)
        #expect(revision.origin.contains("a folder of the git repository \(tree.path)"))
    }

    @Test func hiddenFilesAreLeftOut() async throws {
        try tree.writeGateway()
        try tree.write(".github/workflows/ci.yaml", "on: push")
        try tree.write("peers/.old.yaml", "broken: [")
        try tree.write("notes.txt", "kind: nothing")
        try tree.commit()
        #expect(try await read().catalog.peers.count == 2)
    }

    @Test func aReplacedRepositoryIsNoticed() async throws {
        try tree.writeGateway()
        try tree.commit()
        #expect(try await read().catalog.peers.count == 2)
        try FileManager.default.removeItem(atPath: tree.path)
        try FileManager.default.createDirectory(atPath: tree.path, withIntermediateDirectories: true)
        try tree.git("init", "-q", "-b", "main")
        try tree.writeGateway(peers: 0..<1)
        let head = try tree.commit()
        #expect(try await read().id == head)
        #expect(try await read().catalog.peers.count == 1)
    }

    /// The long-lived git may be killed at any time.
    @Test func aKilledGitIsStartedAgain() async throws {
        try tree.writeGateway()
        let head = try tree.commit()
        _ = try await read()
        for _ in 0..<3 {
            let process = try #require(await repository.readerProcess)
            kill(process, SIGKILL)
            #expect(try await read().id == head)
            #expect(await repository.readerProcess != process)
        }
    }

    /// git before 2.36 knows only `--batch`.
    @Test func anOlderGitWorksToo() async throws {
        try tree.writeGateway(peers: 0..<700)
        let head = try tree.commit()
        let tools = "\(tree.root)/bin"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        let script = """
            #!/bin/sh
            case "$*" in *--batch-command*) echo "error: unknown option batch-command" >&2; exit 129;; esac
            PATH=/usr/bin:/bin exec git "$@"
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: "\(tools)/git"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(tools)/git")
        var variables = tree.environment
        variables["PATH"] = "\(tools):/usr/bin:/bin"
        let old = ConfigurationRepository(
            directory: tree.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: variables))
        #expect(try await read(old).id == head)
        #expect(try await read(old).catalog.peers.count == 700)
        #expect(try await read().catalog.peers.count == 700)
    }

    @Test func namesThatAreNotUTF8OrDifferInNormalization() async throws {
        try tree.writeGateway(peers: 0..<0)
        try tree.write("peers/\u{e9}.yaml", Sample.peer(1))
        try tree.write("peers/e\u{301}.yaml", Sample.peer(2))
        try tree.commit()
        #expect(try await read().catalog.peers.count == 2)
    }

    @Test func theWorktreeCanBePreviewed() async throws {
        try tree.writeGateway()
        try tree.write(".gitignore", "/ignored.yaml\n")
        let head = try tree.commit()
        try tree.write("peers/wg0/peer-2.yaml", Sample.peer(2))
        try tree.write("ignored.yaml", "broken: [")
        try tree.remove("peers/wg0/peer-0.yaml")
        let preview = try await repository.readWorktree(now: TestRepository.now)
        #expect(preview.id.hasPrefix("worktree-") && preview.catalog.peers.map(\.name) == ["peer-1", "peer-2"])
        #expect(try await repository.worktree.read(now: TestRepository.now).id == preview.id)
        #expect(try await read().id == head)
        let status = try #require(try await repository.worktreeStatus())
        #expect(status.isDirty && status.edited == ["peers/wg0/peer-0.yaml", "peers/wg0/peer-2.yaml"])
        #expect(status.notes == [])
    }

    @Test func unfinishedWorkInTheWorktreeChangesNothing() async throws {
        try tree.writeGateway()
        try tree.commit()
        try tree.git("checkout", "-q", "-b", "other")
        try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "theirs"))
        try tree.commit()
        try tree.git("checkout", "-q", "main")
        try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "ours"))
        let head = try tree.commit()
        #expect(throws: TestRepository.Failure.self) { try tree.git("merge", "-q", "other") }
        #expect(try await read().id == head)
        var status = try #require(try await repository.worktreeStatus())
        #expect(status.notes == ["a merge is under way"] && status.isDirty)
        try tree.git("merge", "--abort")
        try tree.git("checkout", "-q", "--detach")
        #expect(try await read().id == head)
        status = try #require(try await repository.worktreeStatus())
        #expect(status.notes == ["no branch is checked out, the desired state is branch main"] && !status.isDirty)
        try tree.git("checkout", "-q", "other")
        status = try #require(try await repository.worktreeStatus())
        #expect(status.notes == ["branch other is checked out, the desired state is branch main"])
    }
}
