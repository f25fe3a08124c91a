import Model
import Reconciler
import Testing

@testable import Repository

/// Which commit the head is, asked while the head is read: both talk to one git.
@Suite struct HeadQuestionTests {
    @Test(.timeLimit(.minutes(2))) func theHeadIsAskedForWhileItIsRead() async throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway(peers: 0..<600)
        var commits: Set<String> = [try tree.commit()]
        let repository = tree.repository()
        _ = try await repository.read(now: TestRepository.now)
        for round in 1...12 {
            for number in 0..<600 {
                try tree.write(
                    "peers/wg0/\(Sample.peerName(number)).yaml", Sample.peer(number, description: "round \(round)"))
            }
            let commit = try tree.commit("round \(round)")
            commits.insert(commit)
            let known = commits
            let asking = Task {
                var heads: Set<String> = []
                while !Task.isCancelled {
                    if let head = await repository.headID() { heads.insert(head) }
                }
                return heads
            }
            let revision = try await repository.read(now: TestRepository.now)
            #expect(revision.id == commit)
            #expect(revision.catalog.peers.count == 600)
            #expect(revision.catalog.peers.allSatisfy { $0.description == "round \(round)" })
            asking.cancel()
            #expect(await asking.value.isSubset(of: known))
            #expect(await repository.headID() == commit)
        }
    }
}
