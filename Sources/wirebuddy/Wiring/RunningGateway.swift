import Credentials
import DNSPolicy
import Database
import Fetch
import Gateway
import Kernel
import Logging
import Model
import Reconciler
import Repository

/// A gateway put together for one command or for the daemon.
struct RunningGateway: Sendable {
    let composition: GatewayComposition
    let repository: ConfigurationRepository
    let database: GatewayDatabase
    let backend: HostBackend
    let locks: HostLocks
    let controller: Controller
    let ports: ControllerPorts
    /// The loop of this process; nil in a process that makes its passes alone.
    var live: (any Reconciliation)?
    /// The forwarder of this process; nil in a process that serves nothing.
    var dns: (any DNSService)?
    /// What this process observes; nil in a process that serves nothing.
    var telemetry: (any TelemetryService)?
    /// The repository for who only looks: nothing is written back.
    let previewSource: CompletingSource

    /// Opens the database and puts the rest around it; nothing else is touched before the first pass.
    ///
    /// - Parameters:
    ///   - listeners: tells where the forwarder of this process answers; nil: it has none.
    ///   - hindrances: tells what keeps this process from observing what the settings want; nil: it observes nothing.
    /// - Throws: ``CommandFailure`` when the database can't be used.
    init(
        _ composition: GatewayComposition, logger: Logger, listeners: (any ForwarderListeners)? = nil,
        hindrances: (@Sendable () async -> [String])? = nil
    ) throws(CommandFailure) {
        self.composition = composition
        database = try composition.openDatabase()
        repository = composition.repository
        locks = composition.locks()
        backend = composition.backend
        let source = { [repository, database] mode in
            CompletingSource(
                repository: repository, database: database, mode: mode, host: composition.hostRecipient, logger: logger)
        }
        previewSource = source(.preview)
        let names = SystemNameResolver()
        var ports = ControllerPorts(
            revisions: source(.writeBack), backend: backend, inventory: database, projections: database,
            secrets: composition.secrets,
            names: names, digest: composition.digest, clock: composition.clock, lock: locks,
            logger: logger)
        ports.listeners = listeners
        ports.hindrances = hindrances
        ports.clues = HostClues()
        ports.checkpoints = CheckpointPorts(
            store: database, keeper: KeptRevisions(repository: repository, state: composition.settings.state.content),
            watchdog: HostWatchdog(composition: composition, locks: locks), uptime: { BootClock.milliseconds },
            bootID: BootClock.bootID)
        ports.checkpoints?.probes = NetworkProbes()
        let watch = PathWatch(
            backend: backend, repository: repository, names: names, apiPorts: composition.settings.apiPorts)
        ports.paths = { await watch.paths() }
        ports.integrations = Set(composition.settings.firewallIntegrations.content)
        self.ports = ports
        controller = Controller(ports)
    }

    /// Shows what a pass would do.
    ///
    /// - Throws: ``CommandFailure``.
    func preview(_ options: PassOptions) async throws -> PassReport {
        do {
            return try await Progress.show("planning", isTerminal: showsProgress) {
                var report = try await controller.preview(options.reading(options.source ?? previewSource))
                if options.source == nil, report.revision != nil {
                    report.revision?.isDirty = (try? await repository.worktreeStatus())??.isDirty ?? false
                }
                return report
            }
        } catch {
            throw CommandFailure(pass: error)
        }
    }

    /// The terminal of a daemon is nobody's who types commands.
    private var showsProgress: Bool { live == nil && Console.messagesAreOnTerminal }

    /// Takes the daemon's lock.
    ///
    /// - Throws: ``CommandFailure`` that names the holder.
    func takeDaemonLock() throws(CommandFailure) -> HeldLock {
        do {
            return try locks.takeDaemonLock()
        } catch {
            throw CommandFailure(pass: error)
        }
    }

    /// Makes the pass that a daemon's loop would make at its next trigger; nothing when no daemon runs.
    ///
    /// - Throws: ``CommandFailure``.
    func makeLoopPassIfServed(_ trigger: String) async throws {
        guard (try? locks.daemonHolder()) ?? nil != nil else { return }
        _ = try await pass(PassOptions(trigger: trigger, mode: .loop), "applying")
    }

    /// Does a pass. A SIGINT or SIGTERM lets the running step end; what was not tried is reported.
    ///
    /// - Throws: ``CommandFailure``.
    func pass(_ options: PassOptions, _ what: String) async throws -> PassReport {
        if let live {
            do { return try await live.pass(options) } catch { throw CommandFailure(pass: error) }
        }
        // Who revokes or takes down wants nothing to be made.
        let options = options.scope == .everything ? options : options.reading(options.source ?? previewSource)
        do {
            return try await Progress.show(what, isTerminal: showsProgress) {
                try await Interruption.cancelling { try await controller.pass(options) }
            }
        } catch {
            throw CommandFailure(pass: error)
        }
    }
}

extension PassOptions {
    /// The same from another source of revisions.
    fileprivate func reading(_ source: any RevisionSource) -> PassOptions {
        var options = self
        options.source = source
        return options
    }
}

extension GatewayComposition {
    /// The digest of everything.
    var digest: BLAKE2b256 { BLAKE2b256() }

    /// What rules of DNS may look like.
    var dnsSyntax: RuleSyntax { RuleSyntax() }

    /// The configuration repository.
    var repository: ConfigurationRepository {
        ConfigurationRepository(
            directory: settings.config.content, branch: settings.branch.content, digest: digest,
            dnsSyntax: dnsSyntax, mode: settings.mode.content, remote: remote, signatures: signatures)
    }

    private var remote: RemoteOptions? {
        settings.remote.content.map { name in
            RemoteOptions(
                name: name, poll: settings.poll.content,
                mayPush: settings.mode.content == .readWrite && settings.verify.content == .none, clock: clock)
        }
    }

    private var signatures: SignatureCheck? {
        let format: SignatureCheck.Format
        switch settings.verify.content {
        case .none: return nil
        case .ssh: format = .ssh
        case .gpg: format = .gpg
        }
        // Without the file nobody may sign: every head is refused, with the field to set.
        return SignatureCheck(format: format, signers: settings.allowedSigners.content ?? "")
    }

    /// The host.
    var backend: HostBackend {
        HostBackend(
            HostBackend.Options(
                userspaceProgram: settings.userspace.content, digest: digest, clock: clock,
                publicKey: { KeyPair.publicKey(of: $0) }))
    }
}

extension CommandFailure {
    /// A revision that can't be used.
    init(_ failure: RevisionFailure) {
        switch failure {
        case .unreadable(let why): self.init(.error, why)
        case .invalid(let revision, let problems):
            self.init(.invalid, "revision \(revision) is not valid", details: problems)
        }
    }

    /// What kept a pass from beginning.
    init(pass error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as LockFailure:
            self.init(failure.kind == .held ? .locked : .error, failure.description)
        default: self.init(.error, "\(error)")
        }
    }
}
