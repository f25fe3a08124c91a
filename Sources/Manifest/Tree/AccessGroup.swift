import Model

/// Documents of access about the same peers, and which of them lie wholly in another one.
struct AccessGroup {
    /// What a document is about, the same for every spelling and order.
    struct Sources: Hashable {
        var peers: Set<Int>
        var labels: [String: String]
        var owners: Set<String>
        var interfaces: Set<String>
    }

    /// One document.
    struct Member {
        /// Its index in the tree.
        var document: Int
        var action: AccessRule.Action
        /// What becomes of what it does not name.
        var fallback: AccessRule.Action
        var scope: AccessScope
    }

    /// Documents by their destinations.
    private struct Index {
        var peers: [Int: [Int]] = [:]
        var prefixes: [Prefix: [Int]] = [:]
        var all = PrefixSet()

        mutating func insert(_ member: Int, _ part: AccessScope.Part) {
            if let peer = part.peer { peers[peer, default: []].append(member) }
            for prefix in part.prefixes {
                prefixes[prefix, default: []].append(member)
                all.insert(prefix)
            }
        }

        /// The lists of documents that may hold a destination.
        func candidates(for part: AccessScope.Part) -> [[Int]] {
            let named = part.peer.flatMap { peers[$0] }.map { [$0] } ?? []
            guard let prefix = part.prefixes.first else { return named }
            // The order of a set is another one in each process.
            return named + all.around(prefix).sorted().map { prefixes[$0] ?? [] }
        }
    }

    /// The documents, in the order of the files.
    let members: [Member]
    private var indices: [AccessRule.Action: Index] = [:]
    /// One of the documents that deny what no document names; while it stays, the others need not. It is one with an
    /// effect of its own, if there is one; else none of the others that deny names all that it names.
    private var keeper: Int?
    /// How many others one document is held against. A warning may be left out; that 2,000 documents about the same
    /// peers are each held against all others may not be.
    private static let mostComparisons = 64

    /// - Parameter members: the documents, in the order of the files.
    init(_ members: [Member]) {
        self.members = members
        for (number, member) in members.enumerated() {
            for part in member.scope.parts { indices[member.action, default: Index()].insert(number, part) }
        }
        let denying = members.indices.filter { members[$0].fallback == .deny }
        keeper =
            denying.first { number in
                cover(of: number, by: members[number].action) { precedes($0, number) } == nil
            }
            ?? denying.first { number in
                let cover = cover(of: number, by: members[number].action) { other in
                    members[other].fallback == .deny && precedes(other, number)
                }
                return cover == nil
            }
    }

    /// The document that denies everything one that allows names; nil if there is none.
    func shadow(of member: Int) -> Member? {
        members[member].action == .allow ? cover(of: member, by: .deny) { _ in true } : nil
    }

    /// The document because of which this one has no effect: with the same action it names everything that this one
    /// names. Of two that name the same the first one stays.
    func duplicate(of member: Int) -> Member? {
        // What it does to everything else counts.
        guard member != keeper else { return nil }
        return cover(of: member, by: members[member].action) { $0 == keeper || precedes($0, member) }
    }

    /// Of two of which the first one names everything that the second names: whether it is the one that stays.
    private func precedes(_ first: Int, _ second: Int) -> Bool {
        first < second || !members[second].scope.covers(members[first].scope)
    }

    private func cover(
        of member: Int, by action: AccessRule.Action, where isWanted: (Int) -> Bool
    ) -> Member? {
        let own = members[member]
        guard let part = own.scope.parts.first, let index = indices[action] else { return nil }
        var comparisons = 0
        for list in index.candidates(for: part) {
            for other in list where other != member {
                guard comparisons < Self.mostComparisons else { return nil }
                comparisons += 1
                if members[other].scope.covers(own.scope), isWanted(other) { return members[other] }
            }
        }
        return nil
    }
}
