import Gateway
import Manifest
import Model
import Reconciler

extension ResourceState {
    /// What is observed of a document that the firewall enforces: what is wrong with the document, or with the table,
    /// which is wrong with each of them.
    func firewallObserved(of identity: ObjectIdentity) -> [(String, JSONValue)] {
        [
            ("observed", .object([("state", .string(firewallStanding(of: identity).rawValue))])),
            ("observed_at", .optional(observed.takenAt?.description)),
        ]
    }

    private func firewallStanding(of identity: ObjectIdentity) -> ObservedIndex.Standing {
        guard let view else { return .pending }
        for object in ObjectID.objects(of: identity) {
            if let trouble = observed.trouble(object) { return trouble.standing }
        }
        return view.report.inForce == declared.revision ? .inSync : .pending
    }
}
