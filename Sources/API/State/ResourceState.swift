public import Gateway
import Model
public import Reconciler

/// What the API shows at one moment: the declared state of the newest revision that is valid, and what the last pass
/// saw.
public struct ResourceState: Sendable {
    /// The declared state.
    public var declared: ConfigurationSnapshot
    /// Why the head can't be used, so that `declared` is an older revision; empty: it can.
    public var problems: [String]
    let index: DeclaredIndex
    let observed: ObservedIndex
    let peers: PeerRows
    let dnsRules: DNSRuleRows

    /// What the last pass saw and did; nil before the first one.
    public var view: GatewayView? { observed.view }

    /// A state.
    public init(declared: ConfigurationSnapshot, view: GatewayView?) {
        self.init(
            declared: declared, problems: declared.problems, index: DeclaredIndex(declared.tree),
            observed: ObservedIndex(view), at: view?.report.observed.takenAt ?? Timestamp(seconds: 0),
            places: { _ in Place() })
    }

    init(
        declared: ConfigurationSnapshot, problems: [String], index: DeclaredIndex, observed: ObservedIndex,
        at instant: Timestamp, places: @escaping @Sendable (IPAddress) -> Place
    ) {
        self.declared = declared
        self.problems = problems
        self.index = index
        self.observed = observed
        peers = PeerRows(index, observed, revision: declared.revision, at: instant, places: places)
        dnsRules = DNSRuleRows(index.dnsRules, observed, revision: declared.revision)
    }
}
