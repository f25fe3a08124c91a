public import Gateway
import HTTPTypes
public import Model
import Reconciler

/// What the operations work with: ports of `Gateway` and of this target, put together by the executable.
public struct APIServices: Sendable {
    /// The configuration repository.
    public var store: any ConfigurationStore
    /// The controller of this host.
    public var reconciliation: any Reconciliation
    /// Users, tokens and sessions.
    public var accounts: Accounts
    /// Whether the page `/docs` is served, whatever the settings say (`SWAGGER_ENABLED`); nil: as they say.
    public var docs: Bool?
    /// What is declared and observed, kept for reads. The executable lets it watch the repository.
    public let states: StateCache
    /// Remembers requests that are done once; nil: `Idempotency-Key` means nothing.
    public var idempotency: IdempotencyGate?
    /// Makes the configurations of devices; nil: this process can't open secrets.
    public var profiles: DeviceProfiles?
    /// Names the key of this host as a recipient of sealed values.
    public var hostRecipient: HostRecipient = { nil }

    /// Decides about the change that waits for a confirmation; nil: none ever does.
    public var confirmations: (any ConfirmationService)?
    /// What was committed.
    public var history: any ConfigurationHistory
    /// What the gateway says of itself.
    public var facts: any GatewayFacts
    /// What happens, for who listens.
    public var events: EventHub
    /// The time of day.
    public var clock: any WallClock
    /// The DNS forwarder.
    public var dns: any DNSService
    /// What was observed.
    public var telemetry: any TelemetryService
    /// What `/metrics` answers; nil: nothing is there.
    public var metrics: (any MetricsSource)?
    /// The requests that were answered.
    public let requests = RequestCounters()
    /// Judges DNS rules of what is only planned.
    public var dnsSyntax: any DNSRuleSyntax
    /// What the daemon does for commands of this host; nil: nothing.
    public var commands: (any CommandService)?
    /// Who may tell of pushes to the remote; nil: nobody.
    public var gitHook: (any GitHookService)?

    /// Makes fingerprints of what reports find.
    public let digest: any Digest
    /// The version of the program, for reports.
    public let version: String

    /// The services of one gateway.
    public init(
        store: any ConfigurationStore, reconciliation: any Reconciliation, accounts: Accounts,
        history: any ConfigurationHistory, facts: any GatewayFacts, events: EventHub, clock: any WallClock,
        dns: any DNSService, telemetry: any TelemetryService, dnsSyntax: any DNSRuleSyntax,
        digest: any Digest, version: String
    ) {
        self.store = store
        self.reconciliation = reconciliation
        self.accounts = accounts
        self.history = history
        self.facts = facts
        self.events = events
        self.clock = clock
        self.dns = dns
        self.telemetry = telemetry
        self.dnsSyntax = dnsSyntax
        self.digest = digest
        self.version = version
        states = StateCache(
            store: store, reconciliation: reconciliation, clock: clock, places: { telemetry.place(of: $0) })
    }

    /// A preview in every format of reports.
    func document(_ report: PassReport, _ view: PassFindings.View) -> PassDocument {
        var document = PassDocument(report, view, version: version, digest: digest)
        document.gateway = facts.hostName
        return document
    }

    /// What is declared and observed after a write: every read from now on sees it too.
    ///
    /// - Throws: ``APIFailure`` when the repository can't be read.
    func stateAfterWrite() async throws(APIFailure) -> ResourceState {
        do throws(GatewayFailure) {
            return try await states.afterWrite()
        } catch {
            throw APIFailure(error)
        }
    }

    /// What is declared and observed now.
    ///
    /// - Throws: ``APIFailure`` when the repository can't be read.
    func state() async throws(APIFailure) -> ResourceState {
        do throws(GatewayFailure) {
            return try await states.current()
        } catch {
            throw APIFailure(error)
        }
    }

    /// Whether the page `/docs` is served.
    var showsDocs: Bool { docs ?? reconciliation.view?.catalog?.settings.api.docs ?? true }
}
