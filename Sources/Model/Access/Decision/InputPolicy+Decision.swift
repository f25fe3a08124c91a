extension InputPolicy {
    /// Whether peers reach a service of the gateway, which has one port or none.
    public func allows(_ service: Service) -> Bool {
        switch self {
        case .allow: return true
        case .dnsOnly: return service.ports == 53...53
        case .services(let services):
            return services.contains { allowed in
                guard allowed.transport == service.transport else { return false }
                guard let ports = service.ports else { return true }
                return allowed.ports.map { $0.contains(ports.lowerBound) && $0.contains(ports.upperBound) } ?? false
            }
        }
    }

    /// What it does, behind its subject: `allows tcp/22, icmp`.
    var verdict: String {
        switch self {
        case .allow: "allows everything"
        case .dnsOnly: "allows DNS only"
        case .services(let services):
            services.isEmpty ? "allows nothing" : "allows \(services.map(\.description).joined(separator: ", "))"
        }
    }
}
