import Gateway
import Manifest
import Model
import Reconciler
import Synchronization

/// The DNS rules of one state as JSON: each is rendered when somebody asks, once.
final class DNSRuleRows: Sendable {
    private let index: DNSRuleIndex
    private let observed: ObservedIndex
    private let revision: String
    private let rows = Mutex<[[UInt8]]>([])

    init(_ index: DNSRuleIndex, _ observed: ObservedIndex, revision: String) {
        self.index = index
        self.observed = observed
        self.revision = revision
    }

    /// Appends the rules at `positions`, separated by commas.
    func append(_ positions: some Collection<Int>, to bytes: inout [UInt8]) {
        let rules = index.table.rules
        rows.withLock { rows in
            if rows.isEmpty { rows = Array(repeating: [], count: rules.count) }
            var isFirst = true
            for position in positions {
                if rows[position].isEmpty { rows[position] = document(of: rules[position]).compactBytes() }
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                bytes += rows[position]
            }
        }
    }

    /// A rule as the API shows it.
    func document(of rule: DeclaredDNSRule) -> JSONValue {
        DNSRuleDocument(rule, standing: standing(of: rule), takenAt: observed.takenAt).json
    }

    private func standing(of rule: DeclaredDNSRule) -> ObservedIndex.Standing {
        guard let view = observed.view else { return .pending }
        let identity = ObjectIdentity(kind: ResourceKind.dnsRule.rawValue, name: rule.id)
        let object = ObjectID(identity, planName: rule.planName)
        if let trouble = object.flatMap(observed.trouble) { return trouble.standing }
        return view.report.inForce == revision ? .inSync : .pending
    }
}
