import Model

extension DesiredCompiler {
    /// What the interfaces need in the chains of other firewall programs: what `BlockedByFirewall` tells to type.
    func compileForeignRules(into state: inout DesiredState) {
        let places = facts.foreignPlaces.filter { integrations.contains($0.program) }
        guard !places.isEmpty else { return }
        let rules = catalog.interfaces.filter(isInForce).flatMap { interface in
            places.flatMap { place in
                matches(of: interface, at: place.hook).map {
                    ForeignRule(chain: place.chain, interface: interface.name, match: $0)
                }
            }
        }
        state.foreignRules = Set(rules).sorted()
    }

    private func matches(of interface: Interface, at hook: ForeignPlace.Hook) -> [ForeignRule.Match] {
        switch hook {
        // The answers have to pass too. Who may talk to whom is decided by our own table, which every packet passes.
        case .forward: return [.fromInterface, .toInterface]
        case .input:
            let ports = Set((catalog.dns?.addresses(on: interface) ?? []).map(\.port)).sorted()
            return [.listenPort(interface.listenPort)]
                + ports.flatMap { [.queries($0, overTCP: false), .queries($0, overTCP: true)] }
        }
    }
}
