import Foundation
import Model
import Reconciler
import Synchronization
import Testing

@testable import Repository

@Suite struct DirectoryTests {
    let tree: TestRepository
    let repository: ConfigurationRepository

    init() throws {
        tree = try TestRepository(git: false)
        repository = tree.repository()
    }

    private func read() async throws -> DesiredRevision { try await repository.read(now: TestRepository.now) }

    private func failure(_ repository: ConfigurationRepository? = nil) async -> RevisionFailure? {
        do {
            _ = try await (repository ?? self.repository).read(now: TestRepository.now)
            return nil
        } catch { return error }
    }

    @Test func theFilesAreTheDesiredState() async throws {
        try tree.writeGateway()
        let first = try await read()
        #expect(first.id.hasPrefix("sha-") && first.id.utf8.count == 16 && first.origin == "plain directory")
        #expect(first.catalog.peers.count == 2)
        try tree.write("peers/wg0/peer-1.yaml", Sample.peer(1, description: "changed"))
        let second = try await read()
        #expect(second.id != first.id && second.catalog.peers[1].description == "changed")
        #expect(await repository.parsedFiles == 4)
        try tree.write("peers/wg0/peer-1.yaml", Sample.peer(1))
        #expect(try await read().id == first.id)
        #expect(try await tree.repository().read(now: TestRepository.now).id == first.id)
    }

    @Test func namesAndContentsMakeTheID() async throws {
        try tree.writeGateway()
        let first = try await read()
        try FileManager.default.moveItem(
            atPath: "\(tree.path)/peers/wg0/peer-1.yaml", toPath: "\(tree.path)/peers/wg0/peer-9.yml")
        let moved = try await read()
        #expect(moved.id != first.id && moved.catalog.peers.map(\.name) == first.catalog.peers.map(\.name))
        try tree.write("README.md", "no configuration")
        try tree.write(".hidden/x.yaml", "broken: [")
        try tree.write("peers/.swap.yaml", "broken: [")
        #expect(try await read().id == moved.id)
        #expect(try await repository.readWorktree(now: TestRepository.now).id == moved.id)
        #expect(try await repository.worktreeStatus() == nil)
    }

    /// The quick look (`stat` only) must see what the listing would: files that come, go and move between folders.
    @Test func theQuickLookSeesEveryChange() async throws {
        try tree.writeGateway()
        try tree.write("peers/empty/notes.txt", "")
        var seen: Set<String> = []
        let step = { (change: () throws -> Void) in
            try change()
            let now = try await read()
            // Read twice more: the second and third look are the quick ones.
            try await Task.sleep(for: .milliseconds(30))
            #expect(try await read().id == now.id)
            #expect(try await read().id == now.id)
            #expect(seen.insert(now.id).inserted)
        }
        try await step {}
        try await step { try tree.write("peers/empty/new.yaml", Sample.peer(9)) }
        try await step { try tree.write("deep/er/new.yaml", Sample.peer(10)) }
        try await step { try tree.remove("peers/empty/new.yaml") }
        try await step { try tree.run("mv", ["\(tree.path)/deep", "\(tree.path)/peers/moved"]) }
        try await step { try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "changed")) }
        let parsed = await repository.parsedFiles
        try tree.write("README.md", "not configuration")
        #expect(seen.contains(try await read().id))
        #expect(await repository.parsedFiles == parsed)
        try tree.link("link.yaml", to: "peers")
        guard case .invalid = await failure() else {
            Issue.record("the link was not seen")
            return
        }
    }

    /// Same size, same inode, and the time of writing set back: still seen.
    @Test func aChangeThatKeepsSizeAndTimeIsSeen() async throws {
        try tree.writeGateway()
        try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "one"))
        let file = "\(tree.path)/peers/wg0/peer-0.yaml"
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
        #expect(try await read().catalog.peers[0].description == "one")
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.write(contentsOf: Data(Sample.peer(0, description: "two").utf8))
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
        #expect(try await read().catalog.peers[0].description == "two")
    }

    /// Two writes in the same tick of the kernel's clock leave the same stamp: only a rested file is believed.
    @Test func manyQuickWritesEndInTheLastOne() async throws {
        try tree.writeGateway()
        for round in 0..<20 {
            try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "\(10 + round)"))
            async let reading = read()
            try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "\(50 + round)"))
            _ = try? await reading
            #expect(try await read().catalog.peers[0].description == "\(50 + round)")
        }
    }

    /// A writer that truncates and then writes: what is read is never the half file.
    @Test func aHalfWrittenFileIsNotRead() async throws {
        try tree.writeGateway()
        let file = "\(tree.path)/peers/wg0/peer-0.yaml"
        let text = Array(Sample.peer(0, description: "whole").utf8)
        let writer = Writer {
            for _ in 0..<15 {
                guard let handle = FileHandle(forWritingAtPath: file) else { return }
                try? handle.truncate(atOffset: 0)
                for byte in text { try? handle.write(contentsOf: [byte]) }
                try? handle.close()
                usleep(60_000)
            }
        }
        var reads = 0
        while reads < 15 {
            switch await failure() {
            case nil, .unreadable: break
            case .invalid(_, let problems): Issue.record("read a half file: \(problems)")
            }
            reads += 1
        }
        try await writer.wait()
        #expect(try await read().catalog.peers[0].description == "whole")
    }

    @Test func aFileThatNeverRestsIsAnError() async throws {
        try tree.writeGateway()
        let file = "\(tree.path)/peers/wg0/peer-0.yaml"
        let stop = Stop()
        let isWriting = Stop()
        let writer = Writer {
            guard let handle = FileHandle(forUpdatingAtPath: file) else { return }
            while !stop.isSet {
                try? handle.write(contentsOf: Data("#\n".utf8))
                isWriting.set()
            }
        }
        while !isWriting.isSet { try await Task.sleep(for: .milliseconds(1)) }
        let result = await failure()
        stop.set()
        try await writer.wait()
        guard case .unreadable(let message) = result else {
            Issue.record("\(String(describing: result))")
            return
        }
        #expect(message.contains("peers/wg0/peer-0.yaml") && message.contains("being written"))
    }

    @Test func anEmptyDirectoryIsInvalid() async throws {
        guard case .invalid(_, let problems) = await failure() else {
            Issue.record("not invalid")
            return
        }
        #expect(problems.count == 1 && problems[0].contains("no-documents"))
        try tree.write("comments.yaml", "# nothing\n")
        guard case .invalid = await failure() else {
            Issue.record("not invalid")
            return
        }
    }

    @Test func linksAndPipesAreRefusedByName() async throws {
        try tree.writeGateway()
        try tree.link("linked.yaml", to: "/etc/passwd")
        try tree.link("peers/more", to: "/etc")
        let made = unsafe mkfifo("\(tree.path)/pipe.yaml", 0o600)
        try #require(made == 0)
        guard case .invalid(_, let problems) = await failure() else {
            Issue.record("not invalid")
            return
        }
        #expect(problems.map { $0.prefix { $0 != ":" } } == ["linked.yaml", "peers/more", "pipe.yaml"])
        #expect(problems[2].contains("error[special-file]"))
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to become another user"))
    func whatCanNotBeReadIsAnErrorThatNamesIt() throws {
        try tree.writeGateway()
        try tree.run("chmod", ["755", tree.root])
        try tree.run("chmod", ["000", "\(tree.path)/peers/wg0/peer-1.yaml"])
        let path = Array("peers/wg0/peer-1.yaml".utf8)
        let root = try OpenFile(Array(tree.path.utf8), O_RDONLY | O_DIRECTORY)
        let descriptor = root.descriptor
        let file = #expect(throws: DirectoryFailure.self) {
            try asNobody { () throws(DirectoryFailure) in _ = try SteadyFile.read(path, in: descriptor) }
        }
        #expect(file?.path == path && file?.reason == "permission denied")
        try tree.run("chmod", ["000", "\(tree.path)/peers/wg0"])
        let folder = #expect(throws: DirectoryFailure.self) {
            try asNobody { () throws(DirectoryFailure) in _ = try DirectoryScan.list(tree.path) }
        }
        #expect(folder?.path == Array("peers/wg0".utf8) && folder?.reason == "permission denied")
        _ = consume root
    }

    @Test func aDirectoryThatVanishesAndComesBack() async throws {
        try tree.writeGateway()
        let first = try await read()
        try FileManager.default.moveItem(atPath: tree.path, toPath: "\(tree.root)/away")
        guard case .unreadable = await failure() else {
            Issue.record("not unreadable")
            return
        }
        try FileManager.default.moveItem(atPath: "\(tree.root)/away", toPath: tree.path)
        #expect(try await read().id == first.id)
    }

    @Test func aDirectoryBecomesARepositoryAndBack() async throws {
        try tree.writeGateway()
        let plain = try await read()
        try tree.git("init", "-q", "-b", "main")
        guard case .unreadable(let message) = await failure() else {
            Issue.record("not unreadable")
            return
        }
        #expect(message.contains("no commit yet"))
        let head = try tree.commit()
        #expect(try await read().id == head)
        try tree.remove(".git")
        #expect(try await read().id == plain.id)
    }

    @Test func foldersNestOnlySoDeep() async throws {
        try tree.writeGateway()
        let deep = (0..<40).map { "d\($0)" }.joined(separator: "/")
        try tree.write("\(deep)/peer.yaml", Sample.peer(7))
        guard case .invalid(_, let problems) = await failure() else {
            Issue.record("not invalid")
            return
        }
        #expect(problems.count == 1 && problems[0].contains("error[too-deep]"))
    }

    @Test func aHugeFileIsRefusedWithoutReadingAllOfIt() async throws {
        try tree.writeGateway()
        let file = "\(tree.path)/huge.yaml"
        try Data().write(to: URL(fileURLWithPath: file))
        try #require(FileHandle(forWritingAtPath: file)).truncate(atOffset: 100 << 20)
        guard case .invalid(_, let problems) = await failure() else {
            Issue.record("not invalid")
            return
        }
        #expect(problems.count == 1 && problems[0].contains("error[file-too-large]"))
    }

    /// Runs `body` with the file rights of nobody: the tests run as root, who may read everything. `setfsuid(2)` is of
    /// this thread only.
    private func asNobody<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
        typealias Setter = @convention(c) (uid_t) -> Int32
        guard let symbol = unsafe dlsym(nil, "setfsuid") else { return }
        let setUser = unsafe unsafeBitCast(symbol, to: Setter.self)
        _ = setUser(65_534)
        defer { _ = setUser(0) }
        try body()
    }
}

/// Writes on a thread of its own: the cooperative pool has only as many as there are cores.
private final class Writer: Sendable {
    private let isDone = Mutex(false)

    init(_ body: @escaping @Sendable () -> Void) {
        Thread.detachNewThread {
            body()
            self.isDone.withLock { $0 = true }
        }
    }

    func wait() async throws {
        while !isDone.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// Something that happened once.
private final class Stop: Sendable {
    private let flag = Mutex(false)
    var isSet: Bool { flag.withLock { $0 } }
    func set() { flag.withLock { $0 = true } }
}
