public import Gateway

/// What the operations work with: ports of `Gateway` and of this target, put together by the executable.
public struct APIServices: Sendable {
    /// The configuration repository.
    public var store: any ConfigurationStore
    /// The controller of this host.
    public var reconciliation: any Reconciliation

    /// The services of one gateway.
    public init(store: any ConfigurationStore, reconciliation: any Reconciliation) {
        self.store = store
        self.reconciliation = reconciliation
    }

    /// What is declared and observed now.
    ///
    /// - Throws: ``APIFailure`` when the repository can't be read.
    func state() async throws(APIFailure) -> ResourceState {
        do throws(GatewayFailure) {
            return ResourceState(declared: try await store.snapshot(), view: reconciliation.view)
        } catch {
            throw APIFailure(error)
        }
    }
}
