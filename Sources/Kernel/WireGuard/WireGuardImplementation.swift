import Model
import Reconciler

/// What the kernel module and a userspace program have in common: a link that carries a WireGuard device.
///
/// Every call blocks; `HostBackend` runs them on its own thread, one at a time, so that an implementation may hold
/// sockets and need not be `Sendable`. Which implementation owns a link is decided by the caller from the link's kind,
/// never by trying.
protocol WireGuardImplementation {
    /// Reads the device of a link that exists and that this implementation owns.
    ///
    /// - Returns: the device; nil when link or device went away meanwhile.
    /// - Throws: when it could not be read, which is never the same as nil.
    func observe(_ name: String) throws(BackendError) -> ObservedDevice?

    /// Sets private key, port and mark; nil fields stay.
    func configure(_ name: String, _ change: DeviceChange) throws(BackendError)

    /// Applies peer operations in order as ``PeerOperation`` says, packed into as few messages as possible. Neither
    /// replaces the peer list nor the allowed IPs of a live peer.
    func configurePeers(_ name: String, _ operations: [PeerOperation]) throws(BackendError)

    /// Creates the link, down and with its MTU and our mark (``LinkMark/text``). Fails when a link of that name exists.
    func create(_ creation: LinkCreation) throws(BackendError)

    /// Deletes the link and ends what runs behind it. A link that is gone is success.
    func delete(_ name: String) throws(BackendError)
}
