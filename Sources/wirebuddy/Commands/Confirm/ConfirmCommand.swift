import ArgumentParser
import Database
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy confirm`.
struct ConfirmCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Keep a change that is undone unless somebody confirms it.",
        discussion: """
            Examples:
              wirebuddy confirm --against https://gateway.example.com --token-file token
              wirebuddy confirm --console
              wirebuddy confirm --console --despite-probes

            A confirmation proves that somebody still gets in: it is made with POST /api/confirm, over a connection \
            that was opened after the change, from another host. At the host itself nothing is proved by it, so \
            --console has to say that this is meant; an event tells who did. While a probe of the settings has not \
            succeeded since the change, nobody can confirm; --despite-probes overrules that at the console, which \
            the event tells too. Ends with 1 when nothing waits.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: AgainstOptions

    @Flag(name: .long, help: "Confirm from the host itself, which proves nothing about access from elsewhere.")
    var console = false

    @Flag(name: .long, help: "With --console: confirm though probes have not succeeded since the change.")
    var despiteProbes = false

    /// What goes to a gateway elsewhere is no business of a daemon here.
    var isServed: Bool { remote.against == nil }

    func validate() throws {
        if console, remote.against != nil { throw ValidationError("Give either --console or --against.") }
        if despiteProbes, !console { throw ValidationError("--despite-probes needs --console.") }
    }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        if let elsewhere = try remote.gateway() { return try await confirm(elsewhere, console) }
        let gateway = try host.gateway()
        guard let newest = try await gateway.database.newestCheckpoint(), newest.state.isOpen else {
            throw CommandFailure(.error, "nothing waits for a confirmation: see `wirebuddy status`")
        }
        guard self.console else {
            throw CommandFailure(
                .error,
                "this proves nothing about access from elsewhere: confirm with POST /api/confirm over a connection from"
                    + " another host, or say with --console that it is meant")
        }
        // Whoever made the change may not be there any more to run them.
        guard let checkpoint = try await gateway.ports.tryProbes(of: newest) else {
            throw CommandFailure(.error, "the change was taken down meanwhile: nothing waits for a confirmation")
        }
        if let objection = checkpoint.objection, !despiteProbes {
            throw CommandFailure(.error, "\(objection): if that is meant, say so with --despite-probes")
        }
        let author =
            "\(host.author.name) at the console"
            + (checkpoint.waitingProbes.isEmpty
                ? "" : ", despite probes: \(checkpoint.waitingProbes.map(\.description).joined(separator: "; "))")
        guard try await gateway.confirm(checkpoint, by: author, despiteProbes: despiteProbes) else {
            let now = try await gateway.database.checkpoint(checkpoint.id)
            throw CommandFailure(
                .error,
                now?.state == .armed
                    ? "the change is still being made: try again in a moment"
                    : "it is too late: \(checkpoint.tried) is rolled back to \(checkpoint.confirmed)")
        }
        try await gateway.concludeConfirmation(of: checkpoint, by: author)
        let confirmed = try await gateway.database.checkpoint(checkpoint.id)
        console.result(
            text: "confirmed: \(checkpoint.tried) stays\n",
            json: .object([
                ("document", .string("confirmation")), ("exit_code", .number(0)),
                ("checkpoint", StatusJSON.json(confirmed)),
            ]))
        return .success
    }
}

extension ConfirmCommand {
    /// Confirms from here, over a connection of its own, which is the proof.
    private func confirm(_ gateway: RemoteGateway, _ console: Console) async throws -> ExitStatus {
        let answer = try await gateway.post("/api/confirm", .object([]))
        guard answer.status == 200, let checkpoint = answer.data, let document = checkpoint.json else {
            throw CommandFailure(.error, "\(gateway.name): \(answer.reason)")
        }
        console.result(
            text: "confirmed: \(checkpoint["tried"]?.plainText ?? "the change") stays\n",
            json: .object([
                ("document", .string("confirmation")), ("exit_code", .number(0)), ("checkpoint", document),
            ]))
        return .success
    }
}

extension RunningGateway {
    /// Confirms what waits.
    ///
    /// - Returns: false when it is too late. That is also where nobody began to restore the host yet: after a restart.
    func confirm(_ checkpoint: Checkpoint, by author: String, despiteProbes: Bool = false) async throws -> Bool {
        guard !checkpoint.isOver(uptime: BootClock.milliseconds, bootID: BootClock.bootID) else { return false }
        return try await database.confirm(checkpoint.id, by: author, despiteProbes: despiteProbes)
    }

    /// What follows a confirmation: it is told, and the revision counts as applied.
    func concludeConfirmation(of checkpoint: Checkpoint, by author: String) async throws {
        try await ports.tellConfirmation(of: checkpoint, by: author)
        if let live { _ = try await live.pass(PassOptions(trigger: "confirm", mode: .loop)) }
    }
}
