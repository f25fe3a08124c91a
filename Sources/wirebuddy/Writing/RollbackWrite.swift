import Manifest
import Synchronization

/// What the last run of a rollback's intent was about: it runs again when the head moved.
final class RollbackWrite: Sendable {
    private struct State {
        var tree: ManifestTree?
        var change: TreeChange?
        var notes: [String] = []
    }

    private let state = Mutex(State())

    var tree: ManifestTree? { state.withLock { $0.tree } }
    var change: TreeChange? { state.withLock { $0.change } }
    var notes: [String] { state.withLock { $0.notes } }

    func run(_ tree: ManifestTree, _ change: TreeChange?) {
        state.withLock {
            $0.tree = tree
            $0.change = change
        }
    }

    func note(_ finding: WriteCheck.Finding) { state.withLock { $0.notes = finding.notes } }
}
