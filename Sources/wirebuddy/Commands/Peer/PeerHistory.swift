import Database
import Gateway
import Model
import Reconciler

/// What this gateway did with one peer. Its identifier is what counts: a rename changes nothing.
struct PeerHistory {
    private let id: String
    private let events: [Event]

    /// Finds the peer at the head of the repository, and its events in the database.
    ///
    /// - Parameter name: A name, `interface/name`, or the id, also of a peer that is gone.
    /// - Throws: ``CommandFailure``.
    init(_ name: String, limit: Int, _ composition: GatewayComposition) async throws {
        guard composition.hasDatabase else {
            throw CommandFailure(
                .error, "\(composition.settings.state.content) holds no state that can be read: run this on the gateway"
            )
        }
        let tree = try await GatewaySession.snapshot(composition).tree
        let database = try composition.openDatabase()
        let id: String
        do {
            id = PeerQuery.id(of: try PeerSelector(name).peer(in: tree), in: tree) ?? name.lowercased()
        } catch {
            // It is gone, and whoever asks knows its id.
            id = name.lowercased()
            guard try await !database.events(peer: id, limit: 1).isEmpty else { throw CommandFailure(error) }
        }
        self.id = id
        events = try await database.events(peer: id, limit: limit)
    }

    func text(_ style: TextStyle) -> String {
        guard !events.isEmpty else { return "nothing happened to peer \(id) here\n" }
        var table = TextTable(["AT", "WHAT", "PEER", "DETAILS"])
        for event in events {
            table.append([event.at.description, event.kind.rawValue, event.object?.name ?? "", event.message])
        }
        return table.render(style)
    }

    var json: ReportJSON {
        .object([
            ("document", .string("peer-log")), ("exit_code", .number(0)), ("peer_id", .string(id)),
            ("events", .array(events.map(StatusJSON.json))),
        ])
    }
}
