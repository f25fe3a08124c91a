public import Gateway
public import Model

/// What the operations work with: ports of `Gateway` and of this target, put together by the executable.
public struct APIServices: Sendable {
    /// The configuration repository.
    public var store: any ConfigurationStore
    /// The controller of this host.
    public var reconciliation: any Reconciliation
    /// Users, tokens and sessions.
    public var accounts: Accounts
    /// What was committed.
    public var history: any ConfigurationHistory
    /// What the gateway says of itself.
    public var facts: any GatewayFacts
    /// What happens, for who listens.
    public var events: EventHub
    /// The time of day.
    public var clock: any WallClock

    /// The services of one gateway.
    public init(
        store: any ConfigurationStore, reconciliation: any Reconciliation, accounts: Accounts,
        history: any ConfigurationHistory, facts: any GatewayFacts, events: EventHub, clock: any WallClock
    ) {
        self.store = store
        self.reconciliation = reconciliation
        self.accounts = accounts
        self.history = history
        self.facts = facts
        self.events = events
        self.clock = clock
    }

    /// What is declared and observed now.
    ///
    /// - Throws: ``APIFailure`` when the repository can't be read.
    func state() async throws(APIFailure) -> ResourceState {
        do throws(GatewayFailure) {
            return ResourceState(declared: try await store.snapshot(), view: reconciliation.view)
        } catch {
            throw APIFailure(error)
        }
    }
}
