import Foundation
import Model
import Reconciler
import Testing

@testable import Repository

@Suite struct ChangeTests {
    /// Counts what a stream tells while `body` runs.
    private func count(
        _ stream: AsyncStream<Void>, for duration: Duration = .milliseconds(600), _ body: () throws -> Void
    ) async throws -> Int {
        let counter = Task {
            var count = 0
            for await _ in stream { count += 1 }
            return count
        }
        try body()
        try await Task.sleep(for: duration)
        counter.cancel()
        return await counter.value
    }

    @Test func commitsAreTold() async throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        let count = try await count(tree.repository().changes()) { try tree.commit() }
        #expect(count >= 1)
    }

    @Test func aPushIntoABareRepositoryIsTold() async throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        let bare = "\(tree.root)/bare.git"
        try tree.git("clone", "-q", "--bare", tree.path, bare)
        try tree.commit("next")
        let count = try await count(tree.repository(bare).changes()) { try tree.git("push", "-q", bare, "main") }
        #expect(count >= 1)
    }

    @Test func packingAndNestedBranchesAreTold() async throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        try tree.git("branch", "site/berlin/one")
        // Packed, the folders of the branch are gone; the next commit makes them again.
        try tree.git("pack-refs", "--all", "--prune")
        let stream = tree.repository(branch: "site/berlin/one").changes()
        let count = try await count(stream, for: .milliseconds(1200)) {
            try tree.git("checkout", "-q", "site/berlin/one")
            try tree.commit("one")
        }
        #expect(count >= 1)
    }

    @Test func editsOfAWorktreeAreNotTold() async throws {
        let tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        let count = try await count(tree.repository().changes()) {
            try tree.write("peers/wg0/peer-1.yaml", Sample.peer(1, description: "changed"))
            try tree.git("add", "-A")
            try tree.git("status")
        }
        #expect(count == 0)
    }

    @Test func filesOfADirectoryAreToldOncePerBurst() async throws {
        let tree = try TestRepository(git: false)
        try tree.writeGateway()
        let count = try await count(tree.repository().changes()) {
            for number in 0..<50 { try tree.write("peers/wg0/peer-\(number).yaml", Sample.peer(number)) }
        }
        #expect((1...2).contains(count))
    }

    @Test func newFoldersAreWatchedToo() async throws {
        let tree = try TestRepository(git: false)
        try tree.writeGateway()
        let first = Flag()
        let stream = tree.repository().changes()
        let told = Task {
            for await _ in stream { await first.raise() }
        }
        try tree.write("sites/berlin/a.yaml", Sample.peer(7))
        try await first.wait()
        await first.lower()
        try tree.write("sites/berlin/b.yaml", Sample.peer(8))
        try await first.wait()
        await first.lower()
        try tree.remove("sites")
        try await first.wait()
        told.cancel()
        await told.value
    }

    @Test func otherFilesOfADirectoryAreNotTold() async throws {
        let written = try TestRepository(git: false)
        try written.writeGateway()
        let tree = try TestRepository(git: false)
        // By a program of its own: a file that this process writes is closed for good only when no program that another test
        // starts meanwhile holds it any more, and that may be after the stream has begun.
        try tree.run("cp", ["-R", "\(written.path)/.", tree.path])
        let count = try await count(tree.repository().changes()) {
            try tree.write("notes.txt", "x")
            try tree.write("peers/.swap.yaml", "x")
            try tree.write("peers/wg0/peer-1.yaml~", "x")
        }
        #expect(count == 0)
    }

    @Test func aDirectoryThatComesLaterIsTold() async throws {
        let tree = try TestRepository(git: false)
        try FileManager.default.removeItem(atPath: tree.path)
        let count = try await count(tree.repository().changes()) { try tree.writeGateway() }
        #expect(count >= 1)
    }

    @Test func aStreamThatIsNotReadAnyMoreEnds() async throws {
        let tree = try TestRepository(git: false)
        try tree.writeGateway()
        for _ in 0..<40 { _ = try await count(tree.repository().changes(), for: .zero) {} }
        // Other tests watch too, but not that many at once.
        for _ in 0..<100 where try watches() >= 20 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try watches() < 20)
    }

    private func watches() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { descriptor in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
            return target?.hasSuffix("inotify") == true
        }
    }
}

private actor Flag {
    private var isRaised = false

    func raise() { isRaised = true }
    func lower() { isRaised = false }

    func wait() async throws {
        for _ in 0..<500 {
            if isRaised { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("nothing was told within 5 s")
    }
}
