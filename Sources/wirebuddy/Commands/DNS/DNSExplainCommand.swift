import ArgumentParser
import DNSPolicy
import Model
import Reconciler
import Repository

/// `wirebuddy dns explain`.
struct DNSExplainCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what is decided about a name, by which rule, and what that rule overrides.",
        discussion: """
            Examples:
              wirebuddy dns explain ads.example.com --client johns-iphone
              wirebuddy dns explain nas.vpn.internal --type AAAA
              wirebuddy dns explain ads.example.com --list ads=/tmp/hosts.txt

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

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let (name, type) = try question()
        let declared = try await DeclaredPolicy.load(composition, options)
        let clients = try clients(declared.policy)
        let now = composition.clock.now()
        var answers: [ExplainedAnswer] = []
        for client in clients {
            let question = PolicyQuestion(client: client, name: name, type: type, time: now)
            let explanation = declared.policy.explain(question, pause: FilteringPause())
            if let same = answers.firstIndex(where: { $0.explanation == explanation }) {
                answers[same].clients.append(client)
            } else {
                answers.append(ExplainedAnswer(clients: [client], explanation: explanation))
            }
        }
        if let absence = declared.absence { console.message("wirebuddy: \(absence)") }
        console.result(
            text: answers.map { $0.text(name, type, console.style) }.joined(separator: "\n"),
            json: .object([
                ("document", .string("dns-explanation")),
                ("exit_code", .number(0)),
                ("revision", .string(declared.revision.id)),
                ("name", .string("\(name)")),
                ("type", .string("\(type)")),
                ("answers", .array(answers.map(\.json))),
                ("absent_lists", .array(declared.absent.map(JSONValue.string))),
            ]))
        return .success
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
