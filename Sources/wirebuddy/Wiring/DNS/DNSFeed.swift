import DNSForwarder
import DNSPolicy
import Database
import Logging
import Model

/// Feeds the forwarder: whenever the declared state, a list or a pause changes, it makes one policy of them all and hands
/// that over. Nothing else ever tells the forwarder what to do.
actor DNSFeed {
    /// What decides at present.
    struct InForce {
        /// The revision that declares it.
        var revision: String
        /// What that revision declares.
        var catalog: Catalog
        /// The policy of it.
        var policy: Policy
        /// For whom filtering is paused.
        var pause: FilteringPause
    }

    private let forwarder: Forwarder
    private let keeper: ListKeeper
    private let log: QueryLog
    private let commit: DeclaringCommit
    private let logger: Logger
    private var revision = ""
    private var catalog: Catalog?
    private var pause = FilteringPause()
    /// Made when somebody asks: a forwarder that is off needs none.
    private var policy: Policy?
    /// Whether the policy is that of something else.
    private var isStale = false

    /// - Parameter commit: told which commit declares the lists.
    init(
        forwarder: Forwarder, keeper: ListKeeper, log: QueryLog, commit: DeclaringCommit, logger: Logger
    ) {
        self.forwarder = forwarder
        self.keeper = keeper
        self.log = log
        self.commit = commit
        self.logger = logger
    }

    /// What decides at present; nil while nothing is declared.
    var inForce: InForce? {
        guard let catalog, let policy = currentPolicy() else { return nil }
        return InForce(revision: revision, catalog: catalog, policy: policy, pause: pause)
    }

    /// Takes the declared state that is enforced from now on; nil: none. The forwarder works by it when this returns.
    func declare(_ catalog: Catalog?, revision: String) async {
        let isOther = !DNSInputs.areEqual(catalog, self.catalog)
        let isOtherRevision = revision != self.revision
        self.revision = revision
        self.catalog = catalog
        // Without a declared state nobody has said that a list is gone, and its file stays.
        if let catalog, isOther || isOtherRevision {
            commit.value = revision
            await keeper.declare(Self.lists(catalog))
        }
        if isOther {
            isStale = true
            hand()
        }
        // An interface may have come or gone, whatever was declared.
        forwarder.refresh()
    }

    /// Takes the lists that the keeper has now.
    func listsChanged() {
        isStale = true
        hand()
    }

    /// Takes the pauses that are in force now.
    func pauses(_ entries: [FilteringPauseEntry]) {
        var pause = FilteringPause()
        for entry in entries {
            if let client = entry.client { pause.peers[client] = entry.until } else { pause.everybody = entry.until }
        }
        guard pause != self.pause else { return }
        self.pause = pause
        hand()
    }

    /// The lists to keep: those of a forwarder that is off are not looked at, and their files stay.
    private static func lists(_ catalog: Catalog) -> [Blocklist] {
        guard catalog.dns?.enabled ?? false else {
            return catalog.blocklists.map { list in
                var list = list
                list.enabled = false
                return list
            }
        }
        return catalog.blocklists
    }

    private func currentPolicy() -> Policy? {
        if isStale { makePolicy() }
        return policy
    }

    private func makePolicy() {
        isStale = false
        guard let catalog else { return policy = nil }
        do {
            policy = try Policy(catalog, lists: keeper.lists, key: keeper.key)
        } catch {
            // Each rule alone was accepted; together their expressions are too many. What was in force stays.
            logger.error("the dns rules can't be used together", metadata: ["error": "\(error)"])
        }
    }

    private func hand() {
        guard let catalog, let settings = catalog.dns, settings.enabled, let policy = currentPolicy() else {
            return forwarder.apply(nil)
        }
        let zone: DomainName
        do {
            zone = try DomainName(text: settings.localZone)
        } catch {
            // Any other zone would answer names that are not ours; what was in force stays.
            return logger.error("local_zone can't be used", metadata: ["error": "\(error)"])
        }
        log.configure(settings.queryLog)
        forwarder.apply(
            ForwarderConfiguration(
                policy: policy, pause: pause, settings: settings,
                local: LocalNames(catalog, zone: zone),
                listen: Set(
                    catalog.interfaces.flatMap { interface in
                        settings.addresses(on: interface).map { address in
                            ListenAddress(address: address.address, port: address.port, device: interface.name)
                        }
                    }),
                unlogged: Set(catalog.peers.lazy.filter { !$0.dns.log }.map { "\($0.interface)/\($0.name)" })))
    }
}

/// The part of the declared state that the forwarder depends on.
private enum DNSInputs {
    static func areEqual(_ left: Catalog?, _ right: Catalog?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.dns == right.dns && left.dnsRules == right.dnsRules && left.dnsFilterLines == right.dnsFilterLines
            && left.blocklists == right.blocklists && left.interfaces == right.interfaces && left.peers == right.peers
    }
}
