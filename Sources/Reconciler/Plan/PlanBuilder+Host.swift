import Model

/// What belongs to the host as a whole: the firewall table, routes, rules and kernel parameters.
extension PlanBuilder {
    mutating func planFirewall() {
        if let unreadable = input.observed.unreadable.first(where: { $0.part == .firewall }) {
            problems.append(PlanProblem(kind: .error, object: .firewallTable, message: unreadable.reason))
            unmet.insert(.firewall)
            return
        }
        let observed = input.observed.firewall
        guard let wanted = input.desired.firewall else {
            guard observed.structure != nil else { return }
            let change = add(.firewallTable, .delete, .prune)
            step(.prunes, .deleteFirewall, changes: [change])
            return
        }
        let intact =
            observed.structure?.policyDigest == wanted.policyDigest && observed.structure == input.inventory.firewall
        guard intact else {
            let reason = reason(.firewallTable, digest: wanted.policyDigest)
            let change = add(
                .firewallTable, observed.structure == nil ? .create : .update, reason,
                fields: [
                    FieldChange(
                        "structure",
                        before: observed.structure.map { Self.name(of: $0, known: input.inventory.firewall) },
                        after: "policy \(wanted.policyDigest.prefix(12))")
                ], isReportOnly: isReportOnly)
            step(.firewall, .replaceFirewall(wanted), changes: [change], provides: .firewall)
            return
        }
        planElements(wanted.elements, observed.elements)
    }

    private static func name(of structure: FirewallStructure, known: FirewallStructure?) -> String {
        if let known, structure.policyDigest == known.policyDigest, structure.listingDigest != known.listingDigest {
            return "policy \(structure.policyDigest.prefix(12)), edited by someone else"
        }
        return structure.policyDigest.isEmpty ? "not ours" : "policy \(structure.policyDigest.prefix(12))"
    }

    mutating func planRoutes() {
        if let unreadable = input.observed.unreadable.first(where: { $0.part == .routes }) {
            if let interface = input.desired.interfaces.first {
                problems.append(
                    PlanProblem(
                        kind: .error, object: ObjectID(.interface, interface.name), message: unreadable.reason))
            }
            return
        }
        // A route of another protocol to the same place serves as well, and the kernel would refuse a second one.
        let have = Set(input.observed.routes.lazy.map(Self.identity))
        let want = Set(input.desired.routes.lazy.map(Self.identity))
        for route in input.desired.routes where !have.contains(Self.identity(route)) {
            let object = ObjectID(route)
            let change = add(
                object, .create, reason(object, digest: "route"), isReportOnly: reportsDrift(on: route.interface))
            step(
                .routes, .addRoute(route), changes: [change],
                requires: [.link(route.interface), .up(route.interface), .firewall])
        }
        for route in input.observed.routes
        where route.routeProtocol == Route.ownProtocol && !want.contains(Self.identity(route)) {
            let object = ObjectID(route)
            let reason: Change.Reason = input.inventory.applied[object] == nil ? .drift : .prune
            let change = add(object, .delete, reason, isReportOnly: reportsDrift(on: route.interface))
            step(.prunes, .removeRoute(route), changes: [change])
        }
        planRules()
    }

    private mutating func planRules() {
        let (have, want) = (Set(input.observed.rules), Set(input.desired.rules))
        for rule in input.desired.rules where !have.contains(rule) {
            let object = ObjectID(rule)
            let change = add(object, .create, reason(object, digest: "rule"), isReportOnly: isReportOnly)
            step(.routes, .addRule(rule), changes: [change], requires: [.firewall])
        }
        for rule in input.observed.rules where !want.contains(rule) {
            let object = ObjectID(rule)
            let reason: Change.Reason = input.inventory.applied[object] == nil ? .drift : .prune
            let change = add(object, .delete, reason, isReportOnly: isReportOnly)
            step(.prunes, .removeRule(rule), changes: [change])
        }
    }

    mutating func planSysctls() {
        for (sysctl, value) in input.desired.sysctls.sorted(by: { Self.order($0.key) < Self.order($1.key) }) {
            let object = ObjectID(sysctl)
            guard let observed = input.observed.sysctls[sysctl] else {
                problems.append(
                    PlanProblem(
                        kind: .error, object: object,
                        message: "the kernel has no \(sysctl); is the address family disabled?"))
                continue
            }
            if observed == value { continue }
            let isGuard = sysctl.path.hasSuffix("/accept_ra")
            let change = add(
                object, .update, reason(object, digest: value),
                fields: [FieldChange("value", before: observed, after: value)], isReportOnly: isReportOnly)
            step(
                .sysctls, .setSysctl(sysctl, value: value), changes: [change],
                requires: sysctl == .ipv6Forwarding
                    ? [.routerAdvertisementGuard, .firewall] : isGuard ? [] : [.firewall],
                provides: isGuard ? .routerAdvertisementGuard : nil)
        }
        for (sysctl, ownership) in input.inventory.sysctls.sorted(by: { Self.order($0.key) > Self.order($1.key) })
        where input.desired.sysctls[sysctl] == nil {
            // Restored only while the value is still the one we wrote; after that it is somebody else's.
            guard let observed = input.observed.sysctls[sysctl], observed == ownership.written,
                observed != ownership.prior
            else { continue }
            let change = add(
                ObjectID(sysctl), .delete, .prune,
                fields: [FieldChange("value", before: observed, after: ownership.prior)])
            step(.prunes, .setSysctl(sysctl, value: ownership.prior), changes: [change])
        }
    }

    /// Guards before what they guard; restored in the opposite order.
    private static func order(_ sysctl: Sysctl) -> String {
        (sysctl.path.hasSuffix("/accept_ra") ? "0" : "1") + sysctl.path
    }

    private static func identity(_ route: Route) -> Route {
        var route = route
        route.routeProtocol = Route.ownProtocol
        return route
    }

    /// Whether drift of what all interfaces share is only reported: when it is for every one of them.
    var isReportOnly: Bool {
        !input.desired.interfaces.isEmpty && input.desired.interfaces.allSatisfy { $0.drift == .report }
    }

    private func reportsDrift(on interface: String) -> Bool {
        input.desired.interfaces.first { $0.name == interface }?.drift == .report
    }
}
