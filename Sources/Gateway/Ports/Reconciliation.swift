public import Reconciler

/// The one controller of this host, as the use cases see it.
public protocol Reconciliation: Sendable {
    /// What the last pass saw and did; nil before the first one. Never waits.
    var view: GatewayView? { get }
    /// What is remembered between passes.
    var inventory: any Inventory { get }

    /// The newest view, after a look at the host if it is older than `maximumAge`. Looks that are asked for at the same
    /// time are one. Never waits for a running pass, nor long for a look: then the view is the one there is.
    func refreshedView(maximumAge: Duration) async -> GatewayView?

    /// Shows what a pass would do.
    ///
    /// - Throws: when host or inventory can't be read at all.
    func preview(_ options: PassOptions) async throws -> PassReport

    /// Does a pass now.
    ///
    /// - Throws: ``LockFailure``, or when host or inventory can't be read at all.
    func pass(_ options: PassOptions) async throws -> PassReport

    /// Wakes the loop and waits for the report of a pass that read `revision`, or the head after this call began, which
    /// holds it; nil when the time ran out, the daemon ends or the task is cancelled. Only what the host looked like when
    /// that pass ended is certain: a rail may have refused its revision, and a suspended loop leaves everything but
    /// revocations alone.
    func passAfterWrite(of revision: String, within time: Duration) async -> PassReport?

    /// The reports of all passes from now on, until the daemon ends. Who is slow misses the oldest.
    func reports() -> AsyncStream<PassReport>
}
