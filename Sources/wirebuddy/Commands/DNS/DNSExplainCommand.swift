import ArgumentParser
import DNSPolicy
import Gateway
import Model
import Reconciler
import Repository

/// `wirebuddy dns explain`.
struct DNSExplainCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what is decided about a name, by which rule, and what that rule overrides.",
        discussion: """
            Examples:
              wirebuddy dns explain ads.example.com --client johns-iphone
              wirebuddy dns explain nas.vpn.internal --type AAAA
              wirebuddy dns explain ads.example.com --list ads=/tmp/hosts.txt
              wirebuddy dns explain ads.example.com --live

            Without --client every peer is asked about; peers with the same answer stand together.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: PolicyOptions

    @Argument(help: "The name that is asked for.")
    var name: String

    @Option(
        name: .long,
        help: "The peer that asks: its name, its DNS label, interface/name, or an address of its own.")
    var client: String?

    @Option(name: .long, help: "The type of record that is asked for.")
    var type = "A"

    @Flag(
        name: .long,
        help: "Ask the daemon: by the policy, the lists and the pauses that are in force, not by the files.")
    var live = false

    var isServed: Bool { live }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let explanation = live ? try await served(host) : try await declared(host.composition, console)
        console.result(
            text: explanation.text(console.style),
            json: .object(
                [("document", .string("dns-explanation")), ("exit_code", .number(0))] + explanation.entries))
        return .success
    }

    private func served(_ host: CommandHost) async throws -> DNSExplanation {
        _ = try question()
        return try await host.dns().explain(DNSQuestion(domain: name, client: client, type: type))
    }

    private func declared(_ composition: GatewayComposition, _ console: Console) async throws -> DNSExplanation {
        let (name, type) = try question()
        let declared = try await DeclaredPolicy.load(composition, options)
        let clients = try clients(declared.policy)
        if let absence = declared.absence { console.message("wirebuddy: \(absence)") }
        return DNSExplanation(
            revision: declared.revision.id, name: "\(name)", type: "\(type)",
            answers: declared.policy
                .explain(name, type, for: clients, at: composition.clock.now(), pause: FilteringPause())
                .map { DNSExplanation.Answer($0.clients, $0.explanation) },
            absentLists: declared.absent)
    }

    private func question() throws -> (DomainName, RecordType) {
        guard let type = RecordType(text: type) else {
            throw CommandFailure(.usage, "--type \(type) is not a type of record: A, AAAA, HTTPS, TYPE65280, …")
        }
        do {
            return (try DomainName(text: name), type)
        } catch {
            throw CommandFailure(.usage, "\(name) is not a domain name: \(error)")
        }
    }

    private func clients(_ policy: Policy) throws -> [PolicyClient] {
        guard let client else {
            let all = policy.everybody
            if all.isEmpty { throw CommandFailure(.error, "there are no peers, so nobody asks") }
            return all
        }
        let found = policy.clients(named: client)
        if found.isEmpty { throw CommandFailure(.error, "--client \(client): no peer has this name or address") }
        return found
    }
}
