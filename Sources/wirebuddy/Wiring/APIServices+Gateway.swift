import API
import Gateway
import Reconciler

extension APIServices {
    /// The services of the gateway that this process serves.
    init(_ gateway: RunningGateway, reconciliation: LiveReconciliation) {
        let clock = gateway.composition.clock
        let check = WriteCheck(
            gateway: gateway, digest: gateway.composition.digest, now: { clock.now() }, isDaemon: true)
        self.init(
            store: RepositoryStore(repository: gateway.repository, check: check, clock: clock),
            reconciliation: reconciliation, accounts: gateway.accounts(reconciliation),
            history: RepositoryHistory(repository: gateway.repository, check: check, clock: clock),
            facts: gateway, events: EventHub(reconciliation, clock: clock), clock: clock)
        idempotency = IdempotencyGate(gateway.database)
        hostRecipient = gateway.composition.hostRecipient
        profiles = gateway.composition.profiles
        commands = CommandRunner(gateway, reconciliation: reconciliation)
    }
}
