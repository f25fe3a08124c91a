import API
import ArgumentParser
import Gateway
import Model
import Reconciler

/// Runs commands in the daemon.
struct CommandRunner: CommandService {
    private let gateway: RunningGateway
    let identity: DaemonIdentity

    /// - Parameters:
    ///   - reconciliation: the loop that this process runs.
    ///   - dns: the forwarder that this process runs.
    ///   - telemetry: what this process observes.
    init(
        _ gateway: RunningGateway, reconciliation: any Reconciliation, dns: any DNSService,
        telemetry: any TelemetryService
    ) {
        var gateway = gateway
        gateway.live = reconciliation
        gateway.dns = dns
        gateway.telemetry = telemetry
        self.gateway = gateway
        identity = DaemonIdentity(gateway.composition.settings)
    }

    func run(_ call: CommandCall, by principal: Principal) async throws(APIFailure) -> CommandAnswer {
        let command: any ServedCommand
        do {
            guard let served = try WireBuddy.parseAsRoot(call.arguments) as? any ServedCommand, served.isServed else {
                throw APIFailure(GatewayFailure.conflict("this is no command that the daemon does"))
            }
            command = served
        } catch let failure as APIFailure {
            throw failure
        } catch {
            // Whoever sent it has parsed it himself: it is a program of another version.
            throw APIFailure(
                GatewayFailure.conflict("the daemon does not know this command: restart it after an upgrade"))
        }
        let output = ConsoleCapture()
        let console = Console(
            format: command.reportFormat, style: call.colour ? .ansi : .plain,
            messageStyle: call.messageColour ? .ansi : .plain, capture: output)
        // Only root speaks for others.
        let name = principal.username == "root" ? call.author ?? principal.username : principal.username
        let host = CommandHost(gateway, author: name)
        let status = await EntryPoint.status(of: command, console) { try await command.execute(on: host, console) }
        return CommandAnswer(exitCode: status.rawValue, output: output.results, messages: output.messages)
    }
}

extension DaemonIdentity {
    /// The daemon that serves these settings in this network namespace.
    init(_ settings: HostSettings) {
        self.init(
            version: Version.text, namespace: NetworkNamespace.inode, config: FilePath.real(settings.config.content),
            state: FilePath.real(settings.state.content))
    }
}
