import ArgumentParser
import Database
import Gateway
import Model
import Reconciler

/// `wirebuddy revoke`.
struct RevokeCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Block a public key on every interface at once, whatever the repository says.",
        discussion: """
            Examples:
              wirebuddy revoke 'mX…=' --for 24h
              wirebuddy revoke --list
              wirebuddy revoke 'mX…=' --remove

            Also while the repository is invalid, can't be written or the loop is suspended. Change the repository \
            before it ends. Ends with 14 when the key could not be read back as gone.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 30s, 5m, 12h, 30d.", valueName: "duration"))
    var duration = TimeSpan(hours: 24)

    @Flag(name: .long, help: "List the keys that are blocked.")
    var list = false

    @Flag(name: .long, help: "End the block of the key.")
    var remove = false

    @Argument(help: ArgumentHelp("The public key, as wg show prints it.", valueName: "key"))
    var key: PublicKey?

    func validate() throws {
        if list, remove || key != nil { throw ValidationError("--list stands alone.") }
        if !list, key == nil { throw ValidationError("Name the public key, or use --list.") }
    }

    /// The row that blocks the key is what counts, and the daemon finds it in its next pass.
    var worksBesideDaemon: Bool { true }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        guard let key else { return try await list(host, console) }
        if remove { return try await remove(key, host, console) }
        try composition.require([composition.checks.networkRights()])
        let gateway = try host.gateway()
        let now = composition.clock.now()
        let revocation = Revocation(
            publicKey: key, until: now.advanced(bySeconds: duration.seconds), author: host.author.name)
        // The row first: from here on every pass, also the daemon's, keeps the key out.
        try await gateway.database.revoke(revocation)
        return try await enforce(revocation, gateway, console)
    }

    private func enforce(
        _ revocation: Revocation, _ gateway: RunningGateway, _ console: Console
    ) async throws -> ExitStatus {
        let report: PassReport
        do {
            report = try await gateway.pass(PassOptions(trigger: "revoke", scope: .revocations), "revoking")
        } catch let failure as CommandFailure {
            throw CommandFailure(
                failure.status, "\(failure.message); the block is stored, and the next pass enforces it")
        }
        let result = RevocationResult(revocation, in: report)
        let (left, removed) = (result.remaining, result.removed)
        let status: ExitStatus = left.isEmpty ? .success : .partial
        let what =
            left.isEmpty
            ? removed.isEmpty ? "no interface has this key" : "removed: \(removed.joined(separator: ", "))"
            : "still there on \(left.joined(separator: ", ")): the kernel did not let it go, try `ip link set \(left[0]) down`"
        console.result(
            text: "blocked until \(revocation.until): \(revocation.publicKey)\n\(what)\n",
            json: .object(
                [("document", .string("revoke")), ("exit_code", .number(Int(status.rawValue)))] + result.fields))
        return status
    }

    private func remove(
        _ key: PublicKey, _ host: CommandHost, _ console: Console
    ) async throws -> ExitStatus {
        let gateway = try host.gateway()
        guard try await gateway.database.snapshot().revocations.contains(where: { $0.publicKey == key }) else {
            throw CommandFailure(.error, "\(key) is not blocked: `wirebuddy revoke --list` shows the keys that are")
        }
        try await gateway.database.unrevoke(key)
        try await gateway.makeLoopPassIfServed("unrevoke")
        console.result(
            text: "no longer blocked: \(key); the next pass restores it if the repository declares it\n",
            json: .object([
                ("document", .string("revocations")), ("revocations", .array([])),
            ]))
        return .success
    }

    private func list(_ host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let now = host.composition.clock.now()
        let revocations = try await host.gateway().database.snapshot().revocations.filter { $0.until > now }
            .sorted { $0.until < $1.until }
        console.result(
            text: revocations.isEmpty
                ? "no key is blocked\n"
                : revocations.map { "\($0.publicKey) until \($0.until) by \(TerminalText.escaped($0.author))\n" }
                    .joined(),
            json: .object([
                ("document", .string("revocations")),
                ("revocations", .array(revocations.map { StatusJSON.json($0) })),
            ]))
        return .success
    }
}
