import API
import Database
import Gateway
import Reconciler

/// Confirmations over the API of this process.
struct ServedConfirmations: ConfirmationService {
    private let gateway: RunningGateway

    init(_ gateway: RunningGateway, _ reconciliation: any Reconciliation) {
        var gateway = gateway
        gateway.live = reconciliation
        self.gateway = gateway
    }

    func newest() async throws -> Checkpoint? { try await gateway.database.newestCheckpoint() }

    func confirm(_ checkpoint: Checkpoint, by author: String) async throws -> Checkpoint? {
        guard try await gateway.confirm(checkpoint, by: author) else { return nil }
        try await gateway.concludeConfirmation(of: checkpoint, by: author)
        return try await gateway.database.checkpoint(checkpoint.id)
    }
}
