import Database
import Gateway
import Model
import Reconciler

/// What was done with one peer: the commits that changed it, and what this gateway did. Its identifier is what counts for
/// the latter: a rename changes nothing.
struct PeerHistory {
    private let commits: LogOutput?
    /// Nil where it is not known here.
    private let id: String?
    private let events: [Event]

    /// Finds the peer at the head of the repository, and its events in the database.
    ///
    /// - Parameters:
    ///   - name: A name, `interface/name`, or the id, also of a peer that is gone.
    ///   - commits: The commits that changed it, where there are some.
    /// - Throws: ``CommandFailure``.
    init(_ name: String, limit: Int, _ composition: GatewayComposition, commits: LogOutput?) async throws {
        self.commits = commits
        guard composition.hasDatabase else {
            guard commits != nil else {
                throw CommandFailure(
                    .error,
                    "no commit here changed a peer \(name), and \(composition.settings.state.content) holds no state"
                        + " that can be read")
            }
            (id, events) = (nil, [])
            return
        }
        let tree = try await GatewaySession.snapshot(composition).tree
        let database = try composition.openDatabase()
        let known: Result<String, GatewayFailure>
        do throws(GatewayFailure) {
            known = .success(
                PeerQuery.id(of: try PeerSelector(name).peer(in: tree), in: tree) ?? name.lowercased())
        } catch {
            known = .failure(error)
        }
        // One that is gone is asked for by its id.
        let wanted = (try? known.get()) ?? name.lowercased()
        events = try await database.events(peer: wanted, limit: limit)
        switch known {
        case .success(let present): id = present
        case .failure(let failure):
            guard !events.isEmpty || commits != nil else { throw CommandFailure(failure) }
            id = events.isEmpty ? nil : wanted
        }
    }

    func text(_ style: TextStyle) -> String {
        let changes = commits.map { $0.text(style) } ?? ""
        guard !events.isEmpty else { return changes + (commits == nil ? "nothing happened to this peer here\n" : "") }
        var table = TextTable(["AT", "WHAT", "PEER", "DETAILS"])
        for event in events {
            table.append([event.at.description, event.kind.rawValue, event.object?.name ?? "", event.message])
        }
        return changes + (changes.isEmpty ? "" : "\n") + table.render(style)
    }

    var json: JSONValue {
        .object([
            ("document", .string("peer-log")), ("exit_code", .number(0)), ("peer_id", .optional(id)),
            ("revisions", commits?.revisions ?? .array([])),
            ("events", .array(events.map(StatusJSON.json))),
        ])
    }
}
