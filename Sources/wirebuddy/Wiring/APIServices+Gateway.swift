import API
import Gateway
import Reconciler

extension APIServices {
    /// The services of the gateway that this process serves.
    init(
        _ gateway: RunningGateway, reconciliation: LiveReconciliation, dns: ServedDNS, telemetry: ServedTelemetry
    ) {
        let clock = gateway.composition.clock
        let check = WriteCheck(
            gateway: gateway, digest: gateway.composition.digest, now: { clock.now() }, isDaemon: true)
        let accounts = gateway.accounts(reconciliation)
        // Where it can't be told, the stream goes on until the next look.
        let events = EventHub(reconciliation, clock: clock) { (try? await accounts.isValid($0)) ?? true }
        self.init(
            store: RepositoryStore(repository: gateway.repository, check: check, clock: clock),
            reconciliation: reconciliation, accounts: accounts,
            history: RepositoryHistory(repository: gateway.repository, check: check, clock: clock),
            facts: gateway, events: events, clock: clock, dns: dns, telemetry: telemetry,
            dnsSyntax: gateway.composition.dnsSyntax, digest: gateway.composition.digest, version: Version.text)
        docs = Environment["SWAGGER_ENABLED"].map { !["false", "0", "no", "off"].contains($0.lowercased()) }
        idempotency = IdempotencyGate(gateway.database)
        hostRecipient = gateway.composition.hostRecipient
        profiles = gateway.composition.profiles
        confirmations = ServedConfirmations(gateway, reconciliation)
        commands = CommandRunner(gateway, reconciliation: reconciliation, dns: dns, telemetry: telemetry)
    }
}
