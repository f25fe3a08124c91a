/// A firewall program of the host in whose chains we may let our traffic pass.
public enum FirewallIntegration: String, Sendable, Hashable, CaseIterable {
    /// Docker: its chain `DOCKER-USER`.
    case docker
    /// ufw: its rules.
    case ufw
    /// firewalld: its policies.
    case firewalld
}
