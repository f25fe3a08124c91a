import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

/// Writes to a plain directory.
@Suite struct DirectoryWriteTests {
    let tree: TestRepository
    let repository: ConfigurationRepository

    init() throws {
        tree = try TestRepository(git: false)
        try tree.writeGateway()
        repository = tree.repository()
    }

    @Test func filesAreReplacedAndTheRevisionIsTheirDigest() async throws {
        let first = try await repository.write(.adding(2))
        #expect(try await repository.read(now: TestRepository.now).id == first.revision)
        #expect(first.revision.hasPrefix("sha-") && !first.isUnchanged)
        _ = try await repository.write(.describing(0, "new"))
        let last = try await repository.write(.removing(1))
        let read = try await repository.read(now: TestRepository.now)
        #expect(read.id == last.revision && read.catalog.peers.map(\.name) == ["peer-0", "peer-2"])
        #expect(read.catalog.peers[0].description == "new")
        #expect(try await repository.write(.describing(0, "new")).isUnchanged)
        #expect(try FileManager.default.contentsOfDirectory(atPath: tree.path).sorted() == ["interfaces", "peers"])
    }

    @Test func whatIsNotValidIsNotWritten() async throws {
        await #expect(throws: WriteFailure.self) { try await repository.write(.broken("peers/wg0/peer-5.yaml")) }
        #expect(!tree.exists("peers/wg0/peer-5.yaml"))
        await #expect(throws: WriteFailure.self) { try await repository.write(.changing("../x.yaml", Sample.peer(3))) }
    }

    @Test func fiftyWritersLoseNothing() async throws {
        await withTaskGroup(of: Void.self) { group in
            for number in 2..<52 {
                group.addTask { [repository] in
                    do { _ = try await repository.write(.adding(number)) } catch { Issue.record(error) }
                }
            }
        }
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 52)
    }

    @Test func aFileThatIsEditedMeanwhileStays() async throws {
        var request = WriteRequest.describing(0, "new")
        request.check = { [tree] _ in try tree.write("peers/wg0/peer-0.yaml", Sample.peer(0, description: "by hand")) }
        await #expect(throws: WriteFailure.self) { try await repository.write(request) }
        #expect(try tree.text("peers/wg0/peer-0.yaml").contains("by hand"))
    }

    @Test func linksAreNoTargets() async throws {
        try tree.link("peers/wg0/peer-7.yaml", to: "/etc/hostname")
        var request = WriteRequest.changing("peers/wg0/peer-7.yaml", Sample.peer(7))
        request.mayRepair = true
        await #expect(throws: WriteFailure.self) { try await repository.write(request) }
    }

    /// A write that a crash cut off left its files in a hidden folder; nobody reads it, and the next write removes it.
    @Test func leftoversOfACrashAreRemoved() async throws {
        try tree.write(".wirebuddy-writing/new-0", "half")
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 2)
        _ = try await repository.write(.adding(2))
        #expect(!tree.exists(".wirebuddy-writing"))
    }
}
