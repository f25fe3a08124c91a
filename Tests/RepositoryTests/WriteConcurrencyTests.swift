import Foundation
import Manifest
import Model
import Reconciler
import Synchronization
import Testing

@testable import Repository

/// Others write at the same time.
@Suite struct WriteConcurrencyTests {
    let tree: TestRepository
    let repository: ConfigurationRepository

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        repository = tree.repository()
    }

    /// Somebody commits by git while a write is planned: it is made again on the new head.
    @Test func aBranchThatMovedMeanwhile() async throws {
        let calls = Mutex(0)
        let original = WriteRequest.adding(2)
        var request = original
        request.intent = { [tree] state in
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            if number == 1 {
                try tree.write("peers/wg0/peer-9.yaml", Sample.peer(9))
                try tree.commit("by hand")
            }
            return try original.intent(state)
        }
        _ = try await repository.write(request)
        #expect(calls.withLock { $0 } == 2)
        #expect(try tree.git("log", "--format=%s", "-2") == "Add peer peer-2 to wg0\nby hand")
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 4)
        #expect(try tree.git("status", "--porcelain") == "")
    }

    /// The intent decides whether what changed meanwhile matters.
    @Test func aTargetThatChangedMeanwhileIsTheIntentsDecision() async throws {
        let calls = Mutex(0)
        var request = WriteRequest.adding(2)
        request.intent = { [tree] state in
            guard state.peer("peer-2", of: "wg0") == nil else { throw WriteFailure.conflict("peer-2 is there") }
            if calls.withLock({ $0 == 0 }) {
                calls.withLock { $0 = 1 }
                try tree.write("other.yaml", Sample.peer(2))
                try tree.commit("by hand")
            }
            return TreeChange(
                subject: "Add", files: [FileChange(path: "p.yaml", content: Array(Sample.peer(2).utf8))])
        }
        await #expect(throws: WriteFailure.self) { try await repository.write(request) }
        #expect(try tree.git("log", "--format=%s", "-1") == "by hand")
    }

    /// Two of them stand for two processes: they share nothing but the files.
    @Test func twoProcessesWriteAtOnce() async throws {
        let other = tree.repository()
        await withTaskGroup(of: Void.self) { group in
            for number in 2..<42 {
                group.addTask { [repository] in
                    let target = number % 2 == 0 ? repository : other
                    do { _ = try await target.write(.adding(number)) } catch { Issue.record(error) }
                }
            }
        }
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 42)
        #expect(try tree.git("rev-list", "--count", "main") == "41")
        #expect(try tree.git("status", "--porcelain") == "")
        try tree.git("fsck", "--strict")
    }

    /// Everybody adds to one list in one file: a lost update would show.
    @Test func writersOfOneFileLoseNothing() async throws {
        let path = "peers/wg0/peer-0.yaml"
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask { [repository] in
                    let request = WriteRequest(author: .ann, now: TestRepository.now) { tree in
                        let text = String(decoding: try tree.bytes(of: path) ?? [], as: UTF8.self)
                        let next = text.replacing("description: \"", with: "description: \"\(number),")
                        return TreeChange(
                            subject: "Note \(number)", files: [FileChange(path: path, content: Array(next.utf8))])
                    }
                    do { _ = try await repository.write(request) } catch { Issue.record(error) }
                }
            }
        }
        let peers = try await repository.read(now: TestRepository.now).catalog.peers
        #expect(Set(peers[0].description.split(separator: ",").compactMap { Int($0) }) == Set(0..<50))
        #expect(try tree.git("rev-list", "--count", "main") == "51")
    }

    @Test func aBareRepository() async throws {
        let bare = "\(tree.root)/bare.git"
        try tree.git("clone", "-q", "--bare", tree.path, bare)
        let repository = tree.repository(bare)
        _ = try await repository.write(.adding(2))
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 3)
        try tree.git("fsck", "--strict", in: bare)
    }

    @Test func sha256Objects() async throws {
        let other = try TestRepository(git: false)
        try other.git("init", "-q", "-b", "main", "--object-format=sha256")
        try other.writeGateway()
        try other.commit()
        let receipt = try await other.repository().write(.removing(1))
        #expect(receipt.revision.utf8.count == 64)
        #expect(try other.git("status", "--porcelain") == "")
    }

    /// Programs of ours that are killed are started again.
    @Test func aWriteAfterGitWasKilled() async throws {
        _ = try await repository.write(.adding(2))
        for number in 3..<6 {
            for process in await repository.writer.processes { kill(process, SIGKILL) }
            _ = try await repository.write(.adding(number))
        }
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 6)
        await repository.close()
        try tree.git("fsck", "--strict")
    }

    @Test func theBranchCanBeMovedToAnotherCommit() async throws {
        try tree.git("checkout", "-q", "-b", "other")
        try tree.write("peers/wg0/peer-7.yaml", Sample.peer(7))
        try tree.remove("peers/wg0/peer-1.yaml")
        let target = try tree.commit()
        try tree.git("checkout", "-q", "main")
        let head = try tree.git("rev-parse", "main")
        let (old, new) = (
            try #require(ObjectName(hexadecimal: Array(head.utf8))),
            try #require(ObjectName(hexadecimal: Array(target.utf8)))
        )
        try tree.write("peers/wg0/peer-1.yaml", "edited")
        await #expect(throws: WriteFailure.self) {
            try await repository.writer.moveBranch(from: old, to: new, in: repository)
        }
        #expect(try tree.git("rev-parse", "main") == head)
        try tree.git("checkout", "--", ".")
        try await repository.writer.moveBranch(from: old, to: new, in: repository)
        #expect(try tree.git("rev-parse", "main") == target)
        #expect(try tree.git("status", "--porcelain") == "")
        _ = try await repository.write(.adding(3))
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 3)
    }

    @Test func manySmallPacksBecomeFew() async throws {
        for number in 0..<60 { _ = try await repository.write(.describing(0, "text \(number)")) }
        await repository.close()
        let packs = try FileManager.default.contentsOfDirectory(atPath: "\(tree.path)/.git/objects/pack")
        #expect(packs.count { $0.hasSuffix(".pack") } < 20)
        try tree.git("fsck", "--strict")
        #expect(try tree.git("rev-list", "--count", "main") == "61")
    }
}
