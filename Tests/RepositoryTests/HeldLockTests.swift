import Foundation
import Testing

@testable import Repository

/// A branch that another git has locked: the write says so, leaves nothing, and works once the lock is gone.
@Suite struct HeldLockTests {
    @Test func aLockedBranchIsNamedAndNothingIsMade() async throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway()
        let head = try tree.commit()
        let repository = tree.repository()
        try tree.write(".git/refs/heads/main.lock", "")
        let failure = await #expect(throws: WriteFailure.self) { try await repository.write(.adding(5)) }
        #expect(failure.map { "\($0)".contains("main.lock") } == true, "\(String(describing: failure))")
        #expect(try tree.git("rev-parse", "main") == head && tree.git("status", "--porcelain") == "")
        #expect(tree.exists(".git/refs/heads/main.lock") && !tree.exists("peers/wg0/peer-5.yaml"))
        try tree.remove(".git/refs/heads/main.lock")
        let receipt = try await repository.write(.adding(5))
        #expect(try tree.git("rev-parse", "main") == receipt.revision && tree.git("status", "--porcelain") == "")
        #expect(try tree.git("rev-list", "--count", "main") == "2")
    }
}
