import Model
import Testing

@testable import Manifest
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
                return part.map { ParsedTree.Content(entry: $0, bytes: Array(Self.document($0).utf8)) }
            }
        }

        /// What is wrong with the whole, and what is found by the claims that the tree has kept.
        func problems(_ entries: [TreeEntry], now: Timestamp) -> (whole: [String], byClaims: [String]) {
            let files = tree.parsed(entries)
            let byClaims = Manifest.assemble(files, now: now, claims: tree.claims)
            return (
                Manifest.assemble(files, now: now).problems.map { $0.render() }, byClaims.problems.map { $0.render() }
            )
        }

        /// A peer of its own for each content; of the content 0 the interface of all.
        private static func document(_ entry: TreeEntry) -> String {
            guard case .blob(let name) = entry.content, let number = name.bytes.first, number > 0 else {
                return "kind: Interface\nname: wg0\naddress: [10.8.0.1/24]\nlisten_port: 51820\n"
            }
            return """
                kind: Peer
                name: peer \(number)
                interface: wg0
                ip: [10.8.0.\(number + 1)]
                public_key: \(PublicKey(words: (UInt64(number), 3, 5, 7)))

                """
        }

        func holds(_ entries: [TreeEntry]) -> Bool { tree.holds(entries) }

        var arePeersDistinct: Bool { tree.claims.areDistinct }
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

    /// Files come, change and go, each way there is with three of them and two peers: those that share something are found,
    /// and those that no longer do are not.
    @Test func claimsFollowTheFiles() async throws {
        let owner = Owner()
        let now = try #require(Timestamp("2026-06-01T00:00:00Z"))
        let states = try (0..<27).map { state in
            let contents = [state % 3, state / 3 % 3, state / 9]
            let peers = try contents.enumerated().filter { $0.element > 0 }
                .map { try entry("peer-\($0.offset).yaml", UInt8($0.element)) }
            return [try entry("interface.yaml", 0)] + peers
        }
        var (good, bad) = (0, 0)
        for before in states {
            for after in states {
                try await owner.update(to: before)
                try await owner.update(to: after)
                let found = await owner.problems(after, now: now)
                #expect(found.byClaims == found.whole, "\(before) → \(after)")
                #expect(await owner.arePeersDistinct == found.whole.isEmpty, "\(before) → \(after)")
                if found.whole.isEmpty { good += 1 } else { bad += 1 }
            }
        }
        // None, one of two in three places, or both in six orders.
        #expect(good == 27 * (1 + 6 + 6) && bad == 27 * 14)
    }
}
