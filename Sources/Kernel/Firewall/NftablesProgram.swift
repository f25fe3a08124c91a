import Programs
import Reconciler
import Subprocess

/// The `nft` program: JSON in, JSON out, never a shell and never a rule in its arguments.
struct NftablesProgram: Sendable {
    /// A listing of 10,000 members takes 0.3 MB; this is for a host with very large foreign sets.
    private static let outputLimit = 256 << 20

    private let executable: Executable

    /// The program by its name, looked up in ``SearchPath``.
    init(name: String = "nft") {
        executable = .name(name)
    }

    /// Applies commands as one transaction: all of them or none.
    ///
    /// - Parameter changesWhatWasSeen: whether the commands name objects that a look has found; one that is gone, or
    ///   there already, is worth another look then.
    func apply(
        _ commands: JSONValue, _ operation: String, changesWhatWasSeen: Bool = false
    ) async throws(BackendError) {
        let (status, _, message) = try await run(["-j", "-f", "-"], commands.bytes, operation)
        guard !status.isSuccess else { return }
        let failure = Self.failure(operation, message)
        let hasMoved = ["No such file or directory", "File exists", "conflicting intervals"].contains {
            message.contains($0)
        }
        throw changesWhatWasSeen && hasMoved ? BackendError(.transient, failure.message) : failure
    }

    /// Lists the names of all tables.
    func tables() async throws(BackendError) -> JSONValue {
        try await list(["-j", "list", "tables"], "list the nftables tables")
    }

    /// Lists our table.
    func table() async throws(BackendError) -> JSONValue {
        try await list(
            ["-j", "list", "table", FirewallRenderer.family, FirewallRenderer.table], "list our nftables table")
    }

    /// Lists the whole ruleset without the members of sets.
    func ruleset() async throws(BackendError) -> JSONValue {
        try await list(["-j", "-t", "list", "ruleset"], "list the nftables ruleset")
    }

    private func list(_ arguments: [String], _ operation: String) async throws(BackendError) -> JSONValue {
        let (status, output, message) = try await run(arguments, [], operation)
        guard status.isSuccess else { throw Self.failure(operation, message) }
        // nft 1.0.6 prints nothing at all, or an object, for an empty ruleset.
        if output.isEmpty { return ["nftables": []] }
        do throws(JSONValue.Malformed) {
            return try JSONValue(parsing: output)
        } catch {
            throw BackendError(.transient, "\(operation): the output of nft is not JSON: \(error)")
        }
    }

    private func run(
        _ arguments: [String], _ input: [UInt8], _ operation: String
    ) async throws(BackendError) -> (TerminationStatus, [UInt8], String) {
        do {
            let (output, errors) = (try MemoryFile(limit: Self.outputLimit), try MemoryFile(limit: 1 << 20))
            let given = try MemoryFile(input)
            defer { withExtendedLifetime(given) {} }
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments),
                environment: .custom(["PATH": SearchPath.value, "LC_ALL": "C"]),
                input: given.input, output: output.output, error: errors.output)
            return (
                result.terminationStatus, try output.written(), String(decoding: try errors.written(), as: UTF8.self)
            )
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw BackendError(
                .terminal,
                "\(operation): the program nft is missing; install the package nftables (apt-get install nftables)")
        } catch {
            throw BackendError(.transient, "\(operation): nft could not be run: \(error)")
        }
    }

    /// The error behind what nft printed: its first line that says something.
    private static func failure(_ operation: String, _ message: String) -> BackendError {
        let lines = message.split(separator: "\n").map { line in
            String(line.drop { $0 != "E" }.hasPrefix("Error: ") ? line.drop { $0 != "E" }.dropFirst(7) : line)
        }
        let reason = lines.first ?? "nft failed without a message"
        let isTransient = ["Resource busy", "temporarily unavailable", "Cannot allocate memory", "No buffer space"]
            .contains { message.contains($0) }
        if message.contains("Operation not permitted") {
            return BackendError(.terminal, "\(operation): nft: \(reason); root or CAP_NET_ADMIN is needed")
        }
        return BackendError(isTransient ? .transient : .terminal, "\(operation): nft: \(reason)")
    }
}
