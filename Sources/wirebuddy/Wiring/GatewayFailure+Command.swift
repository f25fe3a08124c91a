import Gateway
import Reconciler

extension CommandFailure {
    /// A use case that did nothing. Where the repository is in the way of cutting a peer off, there is another way.
    init(_ failure: GatewayFailure, cutsPeersOff: Bool = false) {
        var details = failure.details
        switch failure {
        case .conflict, .readOnly, .dirty, .invalidRepository, .failed:
            if cutsPeersOff {
                details.append("`wirebuddy revoke KEY` blocks a key at once, whatever the repository says")
            }
        default: break
        }
        self.init(Self.status(failure), "\(failure); nothing was changed", details: details)
    }

    private static func status(_ failure: GatewayFailure) -> ExitStatus {
        switch failure {
        case .notFound, .unknownRevision, .ambiguous, .readOnly, .secret, .failed: .error
        case .malformed, .invalidFields, .invalidRepository: .invalid
        case .alreadyExists, .conflict, .dirty, .changed: .stale
        case .refusedByRail: .refused
        case .part(_, let failure): status(failure)
        }
    }
}
