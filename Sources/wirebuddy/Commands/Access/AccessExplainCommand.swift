import ArgumentParser
import Gateway
import Model
import Reconciler
import Repository

/// `wirebuddy access explain`.
struct AccessExplainCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what becomes of a connection, by which document, and what that overrides.",
        discussion: """
            Examples:
              wirebuddy access explain bob-laptop 10.8.0.7 tcp/443
              wirebuddy access explain wg0/bob-laptop build-server icmp
              wirebuddy access explain bob-laptop gateway udp/53
              wirebuddy access explain 203.0.113.9 gateway tcp/8443

            gateway is the gateway at an address outside the tunnels, where forwards are; its tunnel addresses are named by \
            themselves.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: HeadOption

    @Argument(help: "Who opens it: a peer (its name, its DNS label or interface/name) or an address.")
    var from: String

    @Argument(help: "Where to: a peer, an address, or gateway.")
    var to: String

    @Argument(help: "The protocol and port there: tcp/443, udp/53, icmp.")
    var service: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let question: AccessQuestion
        do {
            question = try AccessQuestion(from: from, to: to, service: service)
        } catch {
            throw CommandFailure(.usage, error.reason)
        }
        let composition = try GatewayComposition(global)
        let declared = try await DeclaredCatalog.load(composition, head: options.head)
        let explanation: AccessExplanation
        do {
            explanation = try AccessExplanation(
                question, by: declared.catalog, revision: declared.revision.id, at: composition.clock.now())
        } catch {
            throw CommandFailure(.error, error.reason)
        }
        console.result(
            text: explanation.text(console.style),
            json: .object(
                [("document", .string("access-explanation")), ("exit_code", .number(0))] + explanation.entries))
        return .success
    }
}
