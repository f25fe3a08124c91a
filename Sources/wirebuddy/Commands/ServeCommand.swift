import API
import ArgumentParser
import Database
import Logging
import Model
import Reconciler
import Repository
import ServiceLifecycle
import UnixSignals

/// `wirebuddy serve`.
struct ServeCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Bring the host to the configuration and keep it so.",
        discussion: """
            Example: wirebuddy serve --config /srv/gateway

            The API answers on 127.0.0.1:8080, or where api.listen of the host file or --listen says, and on the unix \
            socket that the other commands use.

            Looks again when the repository moves, the host changes, something expires, and every interval. SIGHUP asks \
            for a look that also reads secrets again. SIGTERM and Ctrl-C end the daemon; the gateway keeps running \
            until wirebuddy down.

            A service manager that speaks sd_notify(3) is told what happens, its watchdog gets signs of life, and the \
            sockets of DNS stay with it from one start to the next.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where the API answers besides its unix socket; may be given more than once (default: 127.0.0.1:8080).",
            valueName: "address:port"))
    var listen: [SocketAddress] = []

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let preflight = Preflight(composition: composition)
        try preflight.canLook()
        try preflight.canStore()
        composition.makeHostKey()
        let logger = composition.logger(default: .notice)
        let supervisor = Supervisor(logger: logger)
        let listeners = ServedListeners()
        let hindrances = ServedHindrances()
        let gateway = try RunningGateway(composition, logger: logger, listeners: listeners) { hindrances.texts }
        let lock = try gateway.takeDaemonLock()
        defer { lock.release() }
        try await preflight.canChange(gateway)
        let journal = ServeJournal(console: console, gateway: gateway)
        try await run(gateway, journal, listeners, hindrances, supervisor, logger)
        journal.end()
        return .success
    }

    private func run(
        _ gateway: RunningGateway, _ journal: ServeJournal, _ listeners: ServedListeners,
        _ hindrances: ServedHindrances, _ supervisor: Supervisor, _ logger: Logger
    ) async throws {
        let (reload, requests) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let supervised = SupervisedLoop(supervisor)
        let listener = Task {
            for await _ in hangups {
                supervised.reloads(passesBegun: gateway.controller.passesBegun)
                requests.yield()
            }
        }
        defer { listener.cancel() }
        let dns = try ServedDNS(gateway, store: supervisor.descriptors, logger: logger)
        listeners.follow(dns.forwarder)
        let reconciliation = LiveReconciliation(gateway, dns: dns, reload: reload) { report in
            journal.note(report)
            supervised.note(report)
        }
        let telemetry = try ServedTelemetry(gateway.composition, reconciliation: reconciliation, logger: logger)
        hindrances.follow(telemetry)
        var api = APIServices(gateway, reconciliation: reconciliation, dns: dns, telemetry: telemetry)
        let passes = PassCounters(reconciliation.reports())
        api.metrics = GatewayMetrics(
            gateway, reconciliation: reconciliation, passes: passes, dns: dns, telemetry: telemetry,
            requests: api.requests)
        let follower = RemoteFollower(gateway.repository, logger: logger)
        api.gitHook = GitHook(gateway.composition.settings, logger: logger) {
            if let follower { follower.lookNow() } else { reconciliation.lookAtRevision() }
        }
        let server = try gateway.composition.server(listen: listen, api, logger: logger)
        journal.begin(warnings: gateway.composition.warnings, api: server)
        // They end in the opposite order: first no more requests, then a running pass, so that nothing is left half done;
        // devices get answers to the end.
        var services = dns.services + [reconciliation, ListenerWatch(dns.forwarder) { reconciliation.lookAgain() }]
        if let follower { services.append(follower) }
        let accounts = AccountService(
            accounts: api.accounts, reconciliation: reconciliation, logger: logger, tell: { journal.tell($0) },
            options: gateway.composition.global.repeated)
        let watch = StateWatch(api.states) { [repository = gateway.repository] in repository.changes() }
        let notifications = NotificationService(gateway, reconciliation, logger: logger)
        let hooks = HookService(gateway, reconciliation, logger: logger)
        services += [telemetry, passes, api.events, watch, accounts, notifications, hooks, server, supervised]
        let signs = Task { await supervised.giveSigns(of: reconciliation) }
        defer { signs.cancel() }
        let group = ServiceGroup(
            configuration: .init(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger)))
        try await group.run()
    }

    /// The group's own messages are about services, not about the gateway.
    private func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .error)
        return logger
    }
}
