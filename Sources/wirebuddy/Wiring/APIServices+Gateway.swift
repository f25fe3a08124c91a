import API
import Gateway
import Reconciler

extension APIServices {
    /// The services of the gateway that this process serves.
    init(_ gateway: RunningGateway, reconciliation: LiveReconciliation) {
        let clock = gateway.composition.clock
        self.init(
            store: RepositoryStore(
                repository: gateway.repository,
                check: WriteCheck(gateway: gateway, digest: gateway.composition.digest, now: { clock.now() }),
                clock: clock),
            reconciliation: reconciliation)
    }
}
