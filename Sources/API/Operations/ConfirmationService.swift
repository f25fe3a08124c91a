public import Reconciler

/// Decides about the change that waits for a confirmation.
public protocol ConfirmationService: Sendable {
    /// The newest checkpoint; nil when there was none.
    func newest() async throws -> Checkpoint?

    /// Confirms a checkpoint and tells of it.
    ///
    /// - Returns: the checkpoint, or nil when it was too late.
    func confirm(_ checkpoint: Checkpoint, by author: String) async throws -> Checkpoint?
}
