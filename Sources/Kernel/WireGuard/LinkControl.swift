import Model
import Reconciler

/// What a WireGuard implementation needs of links. Every call blocks.
protocol LinkControl {
    /// The link of that name, without its addresses; nil when there is none.
    func link(named name: String) throws(BackendError) -> ObservedLink?
    /// Changes MTU, state or alias; nil fields stay. Fails when there is no such link.
    func change(_ name: String, _ change: LinkChange) throws(BackendError)
    /// Deletes the link. A link that is gone is success.
    func delete(_ name: String) throws(BackendError)
}
