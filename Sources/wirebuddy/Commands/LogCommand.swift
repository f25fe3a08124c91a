import ArgumentParser
import Database
import Gateway
import Manifest
import Model
import Reconciler
import Repository

/// `wirebuddy log`.
struct LogCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show the revisions of the configuration: who changed what, and what became of it here.",
        discussion: """
            Examples:
              wirebuddy log --limit 5
              wirebuddy log --peer phone          what was done with one peer, whatever its name, file or key was then
              wirebuddy log --format json

            The result is that of this gateway: pending, applied, failed or superseded; - where it never saw the \
            revision.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "How many revisions are shown.")
    var limit = 20

    @Option(
        name: .long,
        help: ArgumentHelp("Show one peer: by name, interface/name or id.", valueName: "peer"))
    var peer: String?

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let repository = composition.repository
        if let peer {
            let commits = try await commits(of: peer, repository, composition)
            let history = try await PeerHistory(peer, limit: limit, composition, commits: commits)
            console.result(text: history.text(console.style), json: history.json)
            return .success
        }
        let entries: [HistoryEntry]
        do {
            entries = try await repository.history(limit: limit)
        } catch {
            throw CommandFailure(.error, error.description)
        }
        let output = LogOutput(
            entries: entries, results: try await results(composition), head: entries.first?.revision)
        console.result(text: output.text(console.style), json: output.json)
        return .success
    }

    /// The commits that changed a peer; nil where there are none, or it is only known by an id.
    private func commits(
        of peer: String, _ repository: ConfigurationRepository, _ composition: GatewayComposition
    ) async throws -> LogOutput? {
        let now = composition.clock.now()
        guard let head = try? await repository.history(limit: 1).first?.revision,
            let tree = try? await repository.tree(now: now).tree
        else { return nil }
        let found = try? PeerSelector(peer).peer(in: tree)
        let name = found.map { "\($0.interface)/\($0.name)" } ?? peer
        guard let entries = try? await repository.history(ofPeer: name, limit: limit, now: now) else { return nil }
        return LogOutput(entries: entries, results: try await results(composition), head: head)
    }

    /// What this gateway knows about revisions; nothing where it has no state.
    private func results(_ composition: GatewayComposition) async throws -> RevisionResults {
        guard composition.hasDatabase else { return RevisionResults(records: [], lastApplied: nil) }
        return try await RevisionResults(of: composition.openDatabase())
    }
}
