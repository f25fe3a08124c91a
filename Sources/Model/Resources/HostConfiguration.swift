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
    /// The git remote that is followed and pushed to: a name (`origin`) or a URL; nil = none. A URL may hold a password.
    public var remote: String?
    /// The time between looks at the remote; 60 s.
    public var poll: Duration?
    /// How the signature of the head is checked.
    public var verify: Verification = .none
    /// Who may sign: an allowed signers file (`ssh-keygen(1)`) for `ssh`, exported public keys for `gpg`.
    public var allowedSigners: String?
    /// The root of `file:` secrets; `<state>/secrets`.
    public var secretsDirectory: String?
    /// The names that `env:` secrets may use.
    public var secretsEnvironment: [String] = []
    /// The userspace WireGuard program, an absolute path or a name looked up in `PATH`; `wireguard-go`.
    public var userspace: String?
    /// Where the GeoIP files are that the settings name; `/var/lib/GeoIP`.
    public var geoIPDirectory: String?
    /// Where and to whom the API answers.
    public var api = API()
    /// The firewall programs of the host in whose chains our traffic may be let pass by us.
    public var firewallIntegrations: [FirewallIntegration] = []
    /// Where the programs are that run after a pass; `/etc/wirebuddy.d`.
    public var hooksDirectory: String?
    /// The file with the secret of `POST /api/hooks/git`; nil: that route answers nobody.
    public var gitSecretFile: String?

    /// The defaults.
    public init() {}

    /// Whether WireBuddy may write to the repository.
    public enum RepositoryMode: String, Sendable, Hashable, CaseIterable {
        /// It may.
        case readWrite = "readwrite"
        /// It may not.
        case readOnly = "readonly"
    }

    /// How the signature of the head is checked.
    public enum Verification: String, Sendable, Hashable, CaseIterable {
        /// Not at all.
        case none
        /// An SSH signature by a key of the allowed signers file.
        case ssh
        /// An OpenPGP signature by one of the exported keys.
        case gpg
    }

    /// Where and to whom the API answers.
    public struct API: Sendable, Equatable {
        /// The addresses with ports it listens on; nil: `127.0.0.1:8080`, empty: none.
        public var listen: [SocketAddress]?
        /// Where `/metrics` is answered to everybody, without a token and in plain HTTP; nil: nowhere.
        public var metricsListen: SocketAddress?
        /// The PEM file with the certificate chain; with `tlsKey` the listeners speak TLS.
        public var tlsCertificate: String?
        /// The PEM file with the private key.
        public var tlsKey: String?
        /// Proxies whose `X-Forwarded-For` counts.
        public var trustedProxies: [Prefix] = []
        /// Origins of pages in browsers that may read answers; never with cookies.
        public var corsOrigins: [String] = []
        /// The group whose members are admins at the unix socket; nil: only root.
        public var socketGroup: String?

        /// The defaults.
        public init() {}
    }
}
