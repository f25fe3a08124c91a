import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

/// What a person does in the worktree is never lost, and never committed along.
@Suite struct WorktreeWriteTests {
    let tree: TestRepository
    let repository: ConfigurationRepository
    static let peer = "peers/wg0/peer-0.yaml"

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        repository = tree.repository()
    }

    /// Writes and expects that it is refused and nothing moved.
    private func refused(
        _ request: WriteRequest, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws -> WriteFailure? {
        let (head, status) = (try tree.git("rev-parse", "main"), try tree.git("status", "--porcelain"))
        do {
            _ = try await repository.write(request)
            Issue.record("was written", sourceLocation: sourceLocation)
            return nil
        } catch {
            #expect(try tree.git("rev-parse", "main") == head, sourceLocation: sourceLocation)
            #expect(try tree.git("status", "--porcelain") == status, sourceLocation: sourceLocation)
            #expect(!tree.exists(".git/index.lock"), sourceLocation: sourceLocation)
            return error
        }
    }

    private func isDirty(_ request: WriteRequest, _ path: String = peer) async throws -> Bool {
        guard case .dirty(let paths)? = try await refused(request) else { return false }
        return paths == [path]
    }

    @Test func uncommittedTextOfTheTargetIsKept() async throws {
        try tree.write(Self.peer, "my own text")
        #expect(try await isDirty(.describing(0, "new")))
        #expect(try await isDirty(.removing(0)))
        #expect(try tree.text(Self.peer) == "my own text")
    }

    @Test func stagedTextOfTheTargetIsKept() async throws {
        try tree.write(Self.peer, Sample.peer(0, description: "staged"))
        try tree.git("add", Self.peer)
        try tree.write(Self.peer, Sample.peer(0))
        #expect(try await isDirty(.describing(0, "new")))
        #expect(try tree.git("show", ":\(Self.peer)").contains("staged"))
    }

    @Test func aFileDeletedByHandIsDirtyToo() async throws {
        try tree.remove(Self.peer)
        #expect(try await isDirty(.describing(0, "new")))
        try tree.git("rm", "-q", Self.peer)
        #expect(try await isDirty(.describing(0, "new")))
    }

    @Test func untrackedAndIgnoredFilesInTheWay() async throws {
        try tree.write("peers/wg0/peer-2.yaml", "mine")
        #expect(try await isDirty(.adding(2), "peers/wg0/peer-2.yaml"))
        try tree.write(".gitignore", "peer-2.yaml\n")
        #expect(try await isDirty(.adding(2), "peers/wg0/peer-2.yaml"))
        #expect(try tree.text("peers/wg0/peer-2.yaml") == "mine")
    }

    @Test func otherDirtyFilesStayDirtyAndAreNotCommitted() async throws {
        try tree.write("peers/wg0/peer-1.yaml", "edited")
        try tree.write("notes.txt", "untracked")
        try tree.write("staged.yaml", Sample.peer(9))
        try tree.git("add", "staged.yaml")
        let status = try tree.git("status", "--porcelain")
        _ = try await repository.write(.describing(0, "new"))
        _ = try await repository.write(.adding(2))
        #expect(try tree.git("status", "--porcelain") == status)
        #expect(try tree.text("peers/wg0/peer-1.yaml") == "edited")
        #expect(try tree.git("ls-tree", "-r", "--name-only", "main").contains("peer-2.yaml"))
        #expect(try !tree.git("ls-tree", "-r", "--name-only", "main").contains("staged"))
    }

    /// Else the next `git commit -a` of a person would delete what was just written.
    @Test func aFileOutsideOfASparseCheckoutIsNotTakenForDeleted() async throws {
        try tree.git("sparse-checkout", "set", "interfaces")
        _ = try await repository.write(.describing(0, "new"))
        #expect(try tree.git("status", "--porcelain") == "" && !tree.exists(Self.peer))
        _ = try await repository.write(.describing(0, "newer"))
        _ = try await repository.write(.removing(1))
        #expect(try tree.git("status", "--porcelain") == "")
        try tree.git("sparse-checkout", "disable")
        #expect(try tree.text(Self.peer).contains("newer") && !tree.exists("peers/wg0/peer-1.yaml"))
    }

    /// Who may write `.git/config` gets no program run by whoever looks at or writes the repository.
    @Test func filtersOfTheRepositoryDoNotRun() async throws {
        try tree.write(".gitattributes", "*.yaml filter=a\n")
        try tree.commit()
        for name in ["a"] {
            for setting in ["clean", "smudge", "process"] {
                try tree.git("config", "filter.\(name).\(setting)", "touch \(tree.root)/ran; cat")
            }
            try tree.git("config", "filter.\(name).required", "true")
        }
        try tree.write("peers/wg0/peer-1.yaml", "edited")
        #expect(try await repository.worktreeStatus()?.edited == ["peers/wg0/peer-1.yaml"])
        #expect(try await isDirtyWithoutStatus(.describing(1, "new")))
        _ = try await repository.write(.describing(0, "new"))
        #expect(!FileManager.default.fileExists(atPath: "\(tree.root)/ran"))
    }

    private func isDirtyWithoutStatus(_ request: WriteRequest) async throws -> Bool {
        do {
            _ = try await repository.write(request)
            return false
        } catch .dirty {
            return true
        }
    }

    @Test func inABatchOnlyTheWriteToTheDirtyFileFails() async throws {
        try tree.write(Self.peer, "edited")
        async let dirty = (try? repository.write(.describing(0, "new"))) != nil
        async let clean: WriteReceipt = repository.write(.describing(1, "new"))
        #expect(try await !clean.isUnchanged)
        #expect(await dirty == false)
        #expect(try tree.git("status", "--porcelain") == "M \(Self.peer)")
    }

    /// Between the plan and the branch's step a person may save a file.
    @Test func aFileThatIsEditedMeanwhileIsDirty() async throws {
        var request = WriteRequest.describing(0, "new")
        request.check = { [tree] _ in try tree.write(Self.peer, "saved just now") }
        let head = try tree.git("rev-parse", "main")
        await #expect(throws: WriteFailure.self) { try await repository.write(request) }
        #expect(try tree.git("rev-parse", "main") == head)
        #expect(try tree.text(Self.peer) == "saved just now")
    }

    @Test func aMergeUnderWayIsLeftAlone() async throws {
        try tree.git("checkout", "-q", "-b", "other")
        try tree.write(Self.peer, Sample.peer(0, description: "other"))
        try tree.commit()
        try tree.git("checkout", "-q", "main")
        try tree.write(Self.peer, Sample.peer(0, description: "main"))
        try tree.commit()
        _ = try? tree.git("merge", "-q", "other")
        let failure = try await refused(.adding(2))
        #expect("\(failure.map(\.description) ?? "")".contains("a merge of branch main is under way"))
        try tree.git("merge", "--abort")
        _ = try? tree.git("rebase", "-q", "other")
        let second = try await refused(.adding(2))
        #expect("\(second.map(\.description) ?? "")".contains("a rebase of branch main is under way"))
        try tree.git("rebase", "--abort")
        _ = try await repository.write(.adding(2))
        #expect(try tree.git("status", "--porcelain") == "")
    }

    @Test func aDetachedHeadAndAnotherBranchStayWhereTheyAre() async throws {
        try tree.git("checkout", "-q", "--detach")
        let detached = try tree.git("rev-parse", "HEAD")
        _ = try await repository.write(.adding(2))
        #expect(try tree.git("rev-parse", "HEAD") == detached && !tree.exists("peers/wg0/peer-2.yaml"))
        try tree.git("checkout", "-q", "-b", "other")
        _ = try await repository.write(.adding(3))
        #expect(try tree.git("status", "--porcelain") == "" && !tree.exists("peers/wg0/peer-3.yaml"))
        try tree.git("checkout", "-q", "main")
        #expect(tree.exists("peers/wg0/peer-2.yaml") && tree.exists("peers/wg0/peer-3.yaml"))
        _ = try await repository.write(.adding(4))
        #expect(tree.exists("peers/wg0/peer-4.yaml"))
    }

    @Test func aBranchThatAnotherWorktreeHasIsNotMoved() async throws {
        try tree.git("checkout", "-q", "-b", "other")
        let linked = "\(tree.root)/linked"
        try tree.git("worktree", "add", "-q", linked, "main")
        let failure = try await refused(.adding(2))
        #expect("\(failure.map(\.description) ?? "")".contains("is checked out in \(linked)"))
        // In that worktree it works.
        let repository = tree.repository(linked)
        _ = try await repository.write(.adding(2))
        #expect(FileManager.default.fileExists(atPath: "\(linked)/peers/wg0/peer-2.yaml"))
        #expect(try tree.git("status", "--porcelain", in: linked) == "")
    }

    @Test func aLockedIndexIsWaitedForAndThenRefused() async throws {
        try tree.write(".git/index.lock", "")
        let head = try tree.git("rev-parse", "main")
        await #expect(throws: WriteFailure.self) { try await repository.write(.adding(2)) }
        #expect(try tree.git("rev-parse", "main") == head && tree.exists(".git/index.lock"))
        Task { [tree] in
            try await Task.sleep(for: .milliseconds(300))
            try tree.remove(".git/index.lock")
        }
        _ = try await repository.write(.adding(2))
        #expect(try tree.git("status", "--porcelain") == "")
    }

    @Test func modesFiltersAndIndexVersionsAreKept() async throws {
        try tree.git("update-index", "--index-version", "4")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(tree.path)/\(Self.peer)")
        try tree.write(".gitattributes", "peer-1.yaml text eol=crlf\n")
        try tree.commit()
        try tree.remove("peers/wg0/peer-1.yaml")
        try tree.git("checkout", "--", "peers/wg0/peer-1.yaml")
        #expect(try tree.text("peers/wg0/peer-1.yaml").utf8.contains(UInt8(ascii: "\r")))
        _ = try await repository.write(.describing(0, "new"))
        _ = try await repository.write(.describing(1, "new"))
        #expect(try tree.git("ls-tree", "main", Self.peer).hasPrefix("100755"))
        #expect(try tree.git("status", "--porcelain") == "")
        #expect(FileManager.default.isExecutableFile(atPath: "\(tree.path)/\(Self.peer)"))
    }

    /// An index that only git understands.
    @Test func aSplitIndex() async throws {
        try tree.git("update-index", "--split-index")
        _ = try await repository.write(.describing(0, "new"))
        _ = try await repository.write(.adding(2))
        _ = try await repository.write(.removing(1))
        #expect(try tree.git("status", "--porcelain") == "")
        try tree.write(Self.peer, "mine")
        #expect(try await isDirty(.describing(0, "newer")))
    }

    /// Odd names go through git, the index and the disk unchanged.
    @Test(arguments: [
        "peers/wg0/\u{e9}t\u{e9} \"x\".yaml", "peers/wg0/-p.yaml", "peers/ a /*.yaml", "peers/e\u{301}\\n.yaml",
    ])
    func oddNames(path: String) async throws {
        _ = try await repository.write(.changing(path, Sample.peer(7)))
        #expect(try tree.git("status", "--porcelain") == "")
        #expect(try tree.text(path) == Sample.peer(7))
        #expect(try tree.git("-c", "core.quotePath=false", "ls-tree", "-r", "-z", "--name-only", "main").contains(path))
        _ = try await repository.write(.changing(path, nil))
        #expect(try tree.git("status", "--porcelain") == "" && !tree.exists(path))
    }

    @Test func nothingIsLeftInTheGitDirectory() async throws {
        for number in 2..<5 { _ = try await repository.write(.adding(number)) }
        await repository.close()
        #expect(!tree.exists(".git/wirebuddy") && !tree.exists(".git/index.lock"))
        let packs = try FileManager.default.contentsOfDirectory(atPath: "\(tree.path)/.git/objects/pack")
        #expect(packs.allSatisfy { $0.hasPrefix("pack-") && !$0.hasSuffix(".keep") })
    }
}
