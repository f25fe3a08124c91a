import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

/// What was just written is known without reading it again, and is what a reader of the commit finds.
@Suite struct OwnHeadTests {
    let tree: TestRepository
    let repository: ConfigurationRepository

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        repository = tree.repository()
    }

    /// Somebody who has read nothing before.
    private var stranger: ConfigurationRepository { tree.repository() }

    private func expectTheSame() async throws {
        let now = TestRepository.now
        let (own, other) = (try await repository.load(now: now), try await stranger.load(now: now))
        #expect(own.id == other.id && own.origin == other.origin)
        #expect(own.catalog == other.catalog)
        #expect(own.problems.map { $0.render() } == other.problems.map { $0.render() })
        #expect(own.missing.map { "\($0)" } == other.missing.map { "\($0)" })
        let (ours, theirs) = (try await repository.tree(now: now), try await stranger.tree(now: now))
        #expect(ours.revision == theirs.revision && ours.problems == theirs.problems)
        #expect(ours.tree.paths == theirs.tree.paths)
        for path in ours.tree.paths { #expect(try ours.tree.bytes(of: path) == theirs.tree.bytes(of: path)) }
    }

    @Test func afterWritesNothingIsParsedAgain() async throws {
        _ = try await repository.read(now: TestRepository.now)
        for number in 2..<5 {
            _ = try await repository.write(.adding(number))
            let parsed = await repository.parsedFiles
            try await expectTheSame()
            #expect(await repository.parsedFiles == parsed)
        }
        _ = try await repository.write(.removing(1))
        _ = try await repository.write(.describing(0, "new"))
        try await expectTheSame()
    }

    @Test func whatOthersCommitIsReadAndWrittenOn() async throws {
        _ = try await repository.write(.adding(2))
        try tree.write("peers/wg0/peer-7.yaml", Sample.peer(7))
        try tree.commit()
        try await expectTheSame()
        _ = try await repository.write(.adding(3))
        try await expectTheSame()
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 5)
        // Back to what was written before.
        try tree.git("reset", "-q", "--hard", "HEAD~2")
        try await expectTheSame()
    }

    @Test func aWriteBesideALinkMakesNothingValid() async throws {
        _ = try await repository.write(.adding(2))
        try tree.link("peers/wg0/link.yaml", to: "peer-0.yaml")
        try tree.commit()
        var repair = WriteRequest.removing(1)
        repair.mayRepair = true
        _ = try await repository.write(repair)
        try await expectTheSame()
        // The writer knows no objection any more; the link is still there.
        _ = try await repository.write(.describing(0, "new"))
        try await expectTheSame()
        #expect(try await repository.load(now: TestRepository.now).catalog == nil)
    }
}
