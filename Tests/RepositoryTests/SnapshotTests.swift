import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

/// Looks at commits that are not the head, which writers take while others move it.
@Suite struct SnapshotTests {
    @Test func aLookAtAnOlderCommitDoesNotPassForTheHead() async throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway()
        let older = try tree.commit()
        let repository = tree.repository()
        let now = TestRepository.now
        #expect(try await repository.tree(now: now).tree.peers().count == 2)

        try tree.writeGateway(peers: 2..<5)
        let newer = try tree.commit()
        let name = try #require(ObjectName(hexadecimal: Array(older.utf8)))
        // The reader first sees the new head, then the commit it is asked for.
        #expect(try await repository.snapshot(of: name, now: now).loaded.id == older)

        let state = try await repository.tree(now: now)
        #expect(state.revision == newer)
        #expect(state.tree.peers().count == 5)
        #expect(try await repository.read(now: now).catalog.peers.count == 5)
        let again = try await repository.snapshot(of: name, now: now)
        #expect(again.entries.count == 3)
    }
}
