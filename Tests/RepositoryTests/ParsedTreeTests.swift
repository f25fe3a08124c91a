import Manifest
import Model
import Testing

@testable import Repository

/// The files that are parsed, and where they are read.
@Suite struct ParsedTreeTests {
    /// Who owns a tree, as the repository does.
    private actor Owner {
        private let executor = BlockingExecutor(label: "reads of a test")
        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
        private let tree = ParsedTree(digest: nil, dnsSyntax: PlainDNSSyntax())
        private(set) var reads = 0

        /// Updates the tree to these entries; the one of `failing` can't be read.
        func update(to entries: [TreeEntry], failing: TreeEntry? = nil) async throws {
            try await tree.update(to: entries) { part throws(GitFailure) in
                // What it reads from belongs to this actor.
                self.preconditionIsolated("read outside of the actor")
                reads += part.count
                if let failing, part.contains(failing) { throw GitFailure("can't be read") }
                return part.map { ParsedTree.Content(entry: $0, bytes: []) }
            }
        }

        func holds(_ entries: [TreeEntry]) -> Bool { tree.holds(entries) }
    }

    private func entry(_ path: String, _ content: UInt8) throws -> TreeEntry {
        let name = try #require(ObjectName(bytes: [UInt8](repeating: content, count: 20)))
        return TreeEntry(path: Array(path.utf8), content: .blob(name))
    }

    @Test func filesAreReadByTheOwnerAlone() async throws {
        let owner = Owner()
        // More than one part: also what is read after a task was begun.
        try await owner.update(to: (0..<1000).map { try entry("\($0).yaml", 1) })
        #expect(await owner.reads == 1000)
    }

    @Test func whatCantBeReadAsAWholeLeavesTheTreeAsItWas() async throws {
        let owner = Owner()
        let before = try [entry("a.yaml", 1), entry("b.yaml", 1), entry("gone.yaml", 1)]
        let after = try [entry("a.yaml", 2), entry("b.yaml", 1), entry("c.yaml", 1)]
        try await owner.update(to: before)
        await #expect(throws: GitFailure.self) { try await owner.update(to: after, failing: after[2]) }
        #expect(await owner.holds(before))
        try await owner.update(to: after)
        #expect(await owner.holds(after))
        #expect(await owner.reads == 3 + 2 + 2)
        try await owner.update(to: [])
        #expect(await owner.holds([]))
    }
}
