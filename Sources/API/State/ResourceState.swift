public import Gateway
public import Reconciler

/// What the API shows at one moment: the declared state of the head, and what the last pass saw.
public struct ResourceState: Sendable {
    /// The declared state.
    public var declared: ConfigurationSnapshot
    /// What the last pass saw and did; nil before the first one.
    public var view: GatewayView?

    /// A state.
    public init(declared: ConfigurationSnapshot, view: GatewayView?) {
        self.declared = declared
        self.view = view
    }
}
