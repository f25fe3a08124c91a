import Gateway
import Model
import Reconciler

extension ResourceState {
    /// What is observed of a document that the firewall enforces. Its table is one object: what is wrong with it is wrong
    /// with each of them.
    var firewallObserved: [(String, JSONValue)] {
        [
            ("observed", .object([("state", .string(firewallStanding.rawValue))])),
            ("observed_at", .optional(observed.takenAt?.description)),
        ]
    }

    private var firewallStanding: ObservedIndex.Standing {
        guard let view else { return .pending }
        if let trouble = observed.trouble(.firewallTable) { return trouble.standing }
        return view.report.inForce == declared.revision ? .inSync : .pending
    }
}
