import Model
import Netlink
public import Reconciler

extension HostBackend {
    /// Does one thing as ``Operation`` says and returns when the kernel has acknowledged it.
    public func perform(_ operation: Operation) async throws(BackendError) {
        let parts = try parts()
        switch operation {
        case .createLink(let creation):
            switch creation.implementation {
            case .kernel: try parts.kernelWireGuard.create(creation)
            case .userspace: try parts.userspaceWireGuard.create(creation)
            }
        case .deleteLink(let reference): try delete(reference, parts)
        case .setLink(let reference, let change): try parts.links.change(reference, change)
        case .addAddress(let reference, let address): try parts.links.add(address, to: reference)
        case .removeAddress(let reference, let address): try parts.links.remove(address, from: reference)
        case .configureDevice(let reference, let change):
            try implementation(of: reference, parts).configure(reference.name, change)
        case .configurePeers(let reference, let operations):
            try implementation(of: reference, parts).configurePeers(reference.name, operations)
        case .addRoute(let route): try parts.routes.add(route)
        case .removeRoute(let route): try parts.routes.remove(route)
        case .addRule(let rule): try parts.routes.add(rule)
        case .removeRule(let rule): try parts.routes.remove(rule)
        case .replaceFirewall(let table): try await parts.firewall.replace(table)
        case .changeFirewallElements(let add, let remove): try await parts.firewall.change(add: add, remove: remove)
        case .deleteFirewall: try await parts.firewall.delete()
        case .changeForeignRules(let add, let remove):
            try await parts.firewall.change(foreign: add, remove: remove)
        case .setSysctl(let sysctl, let value): try parts.sysctls.write(sysctl, value)
        case .projectUser, .removeUser, .projectSettings, .projectDNS, .recordPeerDNS, .recordPolicies:
            throw BackendError(.terminal, "a row of the database was to be written to the host")
        }
    }

    private func implementation(
        of reference: LinkReference, _ parts: HostParts
    ) throws(BackendError) -> any WireGuardImplementation {
        let kind = try parts.links.existing(reference).kind
        guard let implementation = parts.implementation(ofKind: kind) else {
            throw BackendError(
                .terminal, "link \(reference.name) is of kind '\(kind ?? "none")', so it carries no WireGuard")
        }
        return implementation
    }

    private func delete(_ reference: LinkReference, _ parts: HostParts) throws(BackendError) {
        guard let link = try parts.links.link(named: reference.name) else { return }
        // The userspace program has to end with its link, but only if the link is the one that was meant.
        if link.kind == "tun", reference.index == nil || reference.index == link.index {
            try parts.userspaceWireGuard.delete(reference.name)
        } else {
            try parts.links.delete(reference)
        }
    }
}
