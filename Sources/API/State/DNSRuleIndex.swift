import Gateway
import Manifest
import Model
import Synchronization

/// The declared DNS rules in their order, by their ids. Made once per revision, when somebody asks.
final class DNSRuleIndex: Sendable {
    /// The rules and where each stands.
    struct Table: Sendable {
        /// In the order of the files and of their places there.
        let rules: [DeclaredDNSRule]
        fileprivate let positions: [String: Int]

        /// The index of the first rule of an id.
        func position(of id: String) -> Int? { positions[id] ?? positions[id.lowercased()] }
    }

    private let tree: ManifestTree
    private let made = Mutex<Table?>(nil)

    init(_ tree: ManifestTree) {
        self.tree = tree
    }

    /// The rules.
    var table: Table {
        made.withLock { made in
            if let made { return made }
            let rules = DNSRuleQuery.rules(in: tree)
            let table = Table(
                rules: rules,
                positions: Dictionary(rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first }))
            made = table
            return table
        }
    }
}
