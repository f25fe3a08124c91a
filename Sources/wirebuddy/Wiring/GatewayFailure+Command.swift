import Gateway
import Reconciler

extension CommandFailure {
    /// A use case that did nothing.
    init(_ failure: GatewayFailure) {
        self.init(Self.status(failure), "\(failure); nothing was changed", details: failure.details)
    }

    private static func status(_ failure: GatewayFailure) -> ExitStatus {
        switch failure {
        case .notFound, .ambiguous, .readOnly, .secret, .failed: .error
        case .invalidFields, .invalidRepository: .invalid
        case .alreadyExists, .conflict, .dirty: .stale
        case .refusedByRail: .refused
        }
    }
}
