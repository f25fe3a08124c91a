import Gateway
import Manifest
import Model

/// An access document as the API shows it: what is declared, and whether it is in force.
enum AccessDocument {
    static func shown(_ rule: AccessRule, in state: ResourceState) -> ShownObject {
        let tag = ObjectTag.of(rule)
        return ShownObject(
            data: .object(
                ObjectView.access(rule) + [("etag", .string(tag))] + state.firewallObserved(of: .access(rule.name))),
            etag: tag, location: "/api/access/\(rule.name)")
    }
}
