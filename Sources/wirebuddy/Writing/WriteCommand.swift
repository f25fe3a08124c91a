import ArgumentParser
import Credentials
import Database
import FoundationEssentials
import Gateway
import Glibc
import Manifest
import Model
import Reconciler
import Repository

/// A command that changes the repository by one intent.
protocol WriteCommand: ServedCommand {
    /// The options of the write.
    var write: WriteOptions { get }

    /// What is to be done. Keys are made here, once.
    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent

    /// Whether what it takes away can be taken from peers at once by `wirebuddy revoke`, too.
    var cutsPeersOff: Bool { get }

    /// The command a person would type next, if there is one.
    func next(_ object: ObjectIdentity) -> String?
}

extension WriteCommand {
    var cutsPeersOff: Bool { true }

    func next(_ object: ObjectIdentity) -> String? { nil }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        try await carryOut(on: host, console) { (session) throws(GatewayFailure) in try intent(session) }
    }

    /// Does the write of an intent, and says what came of it.
    ///
    /// - Parameter secret: what was made for a person and is printed once, after the commit.
    func carryOut(
        on host: CommandHost, _ console: Console, secret: SecretBytes? = nil,
        _ makeIntent: (GatewaySession) throws(GatewayFailure) -> Intent
    ) async throws -> ExitStatus {
        let session = try host.session()
        var isRevocation = false
        do {
            let intent = try makeIntent(session)
            isRevocation = intent.isRevocation
            let request = IntentRequest(
                intent, author: host.author, via: "cli",
                requestID: UUID().uuidString.lowercased(),
                approvals: Set(write.approve))
            if write.dryRun { return try await DryRun(session, console, global).show(request) }
            let result = try await Progress.show("writing") { try await session.write(request) }
            let applied = await AppliedWatch(session).wait(for: result, seconds: write.noWait ? 0 : write.wait.seconds)
            let output = WriteOutput(
                result: result, applied: applied, next: next(result.outcome.object), global: global,
                secret: secret)
            console.result(text: output.text(console.style), json: output.json)
            return output.status
        } catch let failure as GatewayFailure {
            throw CommandFailure(failure, cutsPeersOff: isRevocation && cutsPeersOff)
        }
    }
}

/// The repository for one command, and the host where it may be looked at.
struct GatewaySession: Sendable {
    let composition: GatewayComposition
    let repository: ConfigurationRepository
    /// The gateway of this host; nil where this process has no right to look at it, or nothing was ever applied here.
    let gateway: RunningGateway?

    /// - Throws: ``CommandFailure`` when the host file can't be used.
    init(_ global: GlobalOptions) throws(CommandFailure) {
        try self.init(GatewayComposition(global))
    }

    /// The gateway of the daemon.
    init(_ gateway: RunningGateway) {
        composition = gateway.composition
        self.gateway = gateway
        repository = gateway.repository
    }

    /// - Throws: ``CommandFailure`` when the database can't be used.
    init(_ composition: GatewayComposition) throws(CommandFailure) {
        self.composition = composition
        let database = "\(composition.settings.state.content)/wirebuddy.db"
        if composition.checks.networkRights().failure == nil, unsafe access(database, R_OK | W_OK) == 0 {
            gateway = try RunningGateway(composition, logger: composition.logger())
        } else {
            gateway = nil
        }
        repository = gateway?.repository ?? composition.repository
    }

    /// The repository as the use cases see it.
    var store: RepositoryStore {
        let clock = composition.clock
        return RepositoryStore(
            repository: repository,
            check: WriteCheck(gateway: gateway, digest: composition.digest, now: { clock.now() }), clock: clock)
    }

    /// The history of the repository, and rollbacks.
    var history: RepositoryHistory {
        let store = store
        return RepositoryHistory(repository: repository, check: store.check, clock: store.clock)
    }

    /// The files of the head.
    ///
    /// - Throws: ``CommandFailure``.
    static func snapshot(_ composition: GatewayComposition) async throws(CommandFailure) -> ConfigurationSnapshot {
        do {
            let now = composition.clock.now()
            let state = try await composition.repository.tree(now: now)
            var tree = state.tree
            if composition.hasDatabase, let database = try? composition.openDatabase(),
                let inventory = try? await database.snapshot()
            {
                tree.remember(inventory, at: now)
            }
            return ConfigurationSnapshot(revision: state.revision, tree: tree)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Writes, and ends what the repository keeps open for the next write.
    ///
    /// - Throws: ``GatewayFailure``.
    func write(_ request: IntentRequest) async throws(GatewayFailure) -> WriteResult {
        let result: Result<WriteResult, GatewayFailure>
        do {
            result = .success(try await store.write(request))
        } catch {
            result = .failure(error)
        }
        await end()
        return try result.get()
    }

    /// Ends what the repository keeps open for the next write; the daemon goes on.
    func end() async {
        if gateway?.live == nil { await repository.close() }
    }

    /// Names the key of this host as a recipient, where this is a gateway: root's state directory.
    var hostRecipient: HostRecipient {
        composition.hostRecipient
    }

    /// Who types the command: the login name at this host.
    static var author: Gateway.Author { author(Author.name) }

    /// Somebody at this host.
    static func author(_ login: String) -> Gateway.Author {
        var name = [CChar](repeating: 0, count: 256)
        let isKnown = unsafe gethostname(&name, name.count - 1) == 0
        let host = isKnown ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
        return Gateway.Author(name: login, email: "\(login)@\(host.isEmpty ? "localhost" : host)")
    }
}
