/// The host file `/etc/wirebuddy.yaml`: what decides the host's trust and is therefore not in the repository.
/// Flags override it; nil means the default.
public struct HostConfiguration: Sendable, Equatable {
    /// The directory of the configuration repository; `/etc/wirebuddy`.
    public var config: String?
    /// The state directory; `/var/lib/wirebuddy`.
    public var state: String?
    /// The branch whose head is the desired state; `main`.
    public var branch: String?
    /// Whether WireBuddy may write to the repository.
    public var mode: RepositoryMode = .readWrite
    /// The root of `file:` secrets; `<state>/secrets`.
    public var secretsDirectory: String?
    /// The names that `env:` secrets may use.
    public var secretsEnvironment: [String] = []
    /// The userspace WireGuard program, an absolute path or a name looked up in `PATH`; `wireguard-go`.
    public var userspace: String?

    /// The defaults.
    public init() {}

    /// Whether WireBuddy may write to the repository.
    public enum RepositoryMode: String, Sendable, Hashable, CaseIterable {
        /// It may.
        case readWrite = "readwrite"
        /// It may not.
        case readOnly = "readonly"
    }
}
