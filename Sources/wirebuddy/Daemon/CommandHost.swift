import Gateway
import Glibc
import Reconciler

/// Where a command does its work: in a process of its own, or on the gateway of the daemon that runs it.
struct CommandHost: Sendable {
    /// The settings of the gateway.
    let composition: GatewayComposition
    /// Who typed the command.
    let author: Gateway.Author
    /// The gateway of the daemon; nil in a process of its own.
    private let served: RunningGateway?

    /// A process of its own.
    ///
    /// - Throws: ``CommandFailure`` when the host file can't be used.
    init(_ global: GlobalOptions) throws(CommandFailure) {
        composition = try GatewayComposition(global)
        author = GatewaySession.author
        served = nil
    }

    /// The daemon.
    init(_ gateway: RunningGateway, author name: String) {
        composition = gateway.composition
        author = GatewaySession.author(name)
        served = gateway
    }

    /// The gateway, opened if it isn't yet.
    ///
    /// - Throws: ``CommandFailure`` when the database can't be used.
    func gateway() throws(CommandFailure) -> RunningGateway {
        if let served { return served }
        return try RunningGateway(composition, logger: composition.logger())
    }

    /// The forwarder, which only a daemon has.
    ///
    /// - Throws: ``CommandFailure`` when none runs.
    func dns() throws(CommandFailure) -> any DNSService {
        if let dns = served?.dns { return dns }
        throw .noDaemon(composition)
    }

    /// The repository, and the gateway where it may be looked at.
    ///
    /// - Throws: ``CommandFailure`` when the database can't be used.
    func session() throws(CommandFailure) -> GatewaySession {
        if let served { return GatewaySession(served) }
        return try GatewaySession(composition)
    }
}

extension CommandFailure {
    /// A command that needs the daemon found none.
    static func noDaemon(_ composition: GatewayComposition) -> CommandFailure {
        CommandFailure(
            .error,
            "no daemon serves \(composition.settings.config.content): start it with"
                + " `wirebuddy serve\(composition.global.repeated)`")
    }
}
