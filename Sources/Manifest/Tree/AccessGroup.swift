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
    private(set) var members: [Member] = []
    private var indices: [AccessRule.Action: Index] = [:]
    private var denyingFallbacks = 0
    /// How many others one document is held against. A warning may be left out; that 2,000 documents about the same
    /// peers are each held against all others may not be.
    private static let mostComparisons = 64

    mutating func insert(_ member: Member) {
        for part in member.scope.parts {
            indices[member.action, default: Index()].insert(members.count, part)
        }
        if member.fallback == .deny { denyingFallbacks += 1 }
        members.append(member)
    }

    /// The document that denies everything one that allows names; nil if there is none.
    func shadow(of member: Int) -> Member? {
        members[member].action == .allow ? cover(of: member, by: .deny) { _ in true } : nil
    }

    /// The document without which this one would have an effect: with the same action it names everything that this one
    /// names. Of two that name the same the first one stays.
    func duplicate(of member: Int) -> Member? {
        let own = members[member]
        // What it does to everything else counts, unless another one does the same.
        guard own.fallback == .allow || denyingFallbacks > 1 else { return nil }
        return cover(of: member, by: own.action) { other in
            other < member || !own.scope.covers(members[other].scope)
        }
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
