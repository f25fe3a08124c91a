public import Model

/// Compares what should be with what is. Pure: no clock, no I/O, no order of dictionaries in the result.
public struct Planner: Sendable {
    private let digest: any Digest

    /// A planner that names changes by this digest.
    public init(digest: any Digest) {
        self.digest = digest
    }

    /// The same plan, judged with the paths that were looked for since.
    func judge(_ plan: Plan, _ input: PlanInput) -> Plan {
        var plan = plan
        let cuts = PathCuts(input, plan.changes)
        for index in cuts.indices { plan.changes[index].impact = .lockoutRisk }
        plan.refusals =
            input.isTeardown ? [] : Rails(input: input, digest: digest, cuts: cuts).refusals(of: plan.changes)
        return plan
    }

    /// The plan that brings the observed host to the desired state.
    public func plan(_ input: PlanInput) -> Plan {
        var builder = PlanBuilder(input: input, digest: digest)
        for (object, message) in input.desired.problems.sorted(by: { $0.key < $1.key }) {
            builder.problems.append(PlanProblem(kind: .error, object: object, message: message))
        }
        builder.planProjections()
        if let links = input.observed.unreadable.first(where: { $0.part == .links }) {
            // Without links nothing is known about anything: not seen must never mean does not exist.
            for interface in input.desired.interfaces {
                builder.problems.append(
                    PlanProblem(kind: .error, object: ObjectID(.interface, interface.name), message: links.reason))
            }
            return builder.finish()
        }
        builder.planForeignPrunes()
        builder.planFirewall()
        builder.planForeignRules()
        builder.planPolicies()
        builder.planInterfaces()
        builder.planRoutes()
        builder.planSysctls()
        return builder.finish()
    }
}
