import Gateway
import Manifest
import Model

/// A forward as the API shows it: what is declared, and whether it is in force.
enum ForwardDocument {
    static func shown(_ forward: Forward, in state: ResourceState) -> ShownObject {
        let tag = ObjectTag.of(forward)
        return ShownObject(
            data: .object(
                ObjectView.forward(forward) + [("etag", .string(tag))]
                    + state.firewallObserved(of: .forward(forward.name))),
            etag: tag, location: "/api/forwards/\(forward.name)")
    }
}
