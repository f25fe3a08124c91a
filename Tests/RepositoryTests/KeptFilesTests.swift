import Foundation
import Glibc
import Model
import Reconciler
import Testing

@testable import Repository

/// Copies of plain directories: whole, and cheap where most of them is as before.
@Suite struct KeptFilesTests {
    let tree: TestRepository
    let repository: ConfigurationRepository
    let folder: String

    init() throws {
        tree = try TestRepository(git: false)
        try tree.writeGateway()
        repository = tree.repository()
        folder = NSTemporaryDirectory() + "kept-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func keep() async throws -> String {
        let revision = try await repository.read(now: TestRepository.now).id
        try await repository.keepFiles(of: revision, below: folder, now: TestRepository.now)
        return revision
    }

    private func inode(_ revision: String, _ path: String) throws -> ino_t {
        try #require(try OpenFile.status(of: "\(folder)/\(revision)/\(path)")).st_ino
    }

    @Test func unchangedFilesOfTheLastCopyAreSharedAndEachCopyIsWhole() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try await keep()
        try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "changed"))
        let second = try await keep()
        #expect(first != second)
        #expect(try inode(first, "peers/wg0/peer-1.yaml") == inode(second, "peers/wg0/peer-1.yaml"))
        #expect(try inode(first, "peers/wg0/peer-0.yaml") != inode(second, "peers/wg0/peer-0.yaml"))
        for revision in [first, second] {
            let kept = try #require(try await repository.kept(revision, below: folder, now: TestRepository.now))
            #expect(kept.id == revision)
        }
        // The files themselves have no part in it.
        let own = try #require(try OpenFile.status(of: "\(tree.path)/peers/wg0/peer-1.yaml"))
        #expect(try inode(second, "peers/wg0/peer-1.yaml") != own.st_ino)
        try repository.forgetFiles(except: [second], below: folder)
        #expect(try await repository.kept(first, below: folder, now: TestRepository.now) == nil)
        #expect(try await repository.kept(second, below: folder, now: TestRepository.now)?.id == second)
    }

    @Test func aDamagedCopyIsNotCopied() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try await keep()
        try Data("damaged".utf8).write(to: URL(filePath: "\(folder)/\(first)/peers/wg0/peer-1.yaml"))
        try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "changed"))
        let second = try await keep()
        #expect(try await repository.kept(second, below: folder, now: TestRepository.now)?.id == second)
        await #expect(throws: KeptFailure.self) {
            try await repository.kept(first, below: folder, now: TestRepository.now)
        }
    }

    @Test func manyNewFilesAreKeptToo() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for number in 2..<102 { try tree.write("peers/wg0/peer-\(number).yaml", Sample.peer(number)) }
        let revision = try await keep()
        #expect(try await repository.kept(revision, below: folder, now: TestRepository.now)?.catalog.peers.count == 102)
    }
}
