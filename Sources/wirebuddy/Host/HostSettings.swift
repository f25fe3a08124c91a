import Model
import Repository

/// The values of the host file with the flags that override them, each with its origin.
struct HostSettings: Sendable, Equatable {
    /// Where a value comes from.
    enum Origin: Sendable, Hashable, CustomStringConvertible {
        /// A flag of the command line.
        case flag(String)
        /// The host file.
        case hostFile
        /// Nobody said anything.
        case builtIn

        var description: String {
            switch self {
            case .flag(let name): name
            case .hostFile: "host file"
            case .builtIn: "default"
            }
        }
    }

    /// A value with its origin.
    struct Value<Content: Sendable & Equatable>: Sendable, Equatable {
        let content: Content
        let origin: Origin
    }

    /// The host file's path.
    let hostFile: Value<String>
    /// The directory of the configuration repository.
    let config: Value<String>
    /// The state directory.
    let state: Value<String>
    /// The branch whose head is the desired state.
    let branch: Value<String>
    /// Whether WireBuddy may write to the repository.
    var mode: Value<HostConfiguration.RepositoryMode>
    /// The git remote; nil: none is followed. May hold a password.
    let remote: Value<String?>
    /// The time between looks at the remote.
    let poll: Value<Duration>
    /// How the signature of the head is checked.
    let verify: Value<HostConfiguration.Verification>
    /// The file that says who may sign.
    let allowedSigners: Value<String?>
    /// The root of `file:` secrets.
    let secretsDirectory: Value<String>
    /// The names that `env:` secrets may use.
    let secretsEnvironment: Value<[String]>
    /// The userspace WireGuard program.
    let userspace: Value<String>
    /// Where the GeoIP files are.
    let geoIPDirectory: Value<String>
    /// Where and to whom the API answers.
    let api: Value<HostConfiguration.API>
    /// The firewall programs in whose chains our traffic may be let pass.
    let firewallIntegrations: Value<[FirewallIntegration]>
    /// Where the programs are that run after a pass.
    let hooksDirectory: Value<String>
    /// The file with the secret of `POST /api/hooks/git`.
    let gitSecretFile: Value<String?>

    /// Where the host file is unless a flag says otherwise. It may be absent.
    static let defaultHostFile = "/etc/wirebuddy.yaml"

    /// Where the state is unless somebody says otherwise.
    static let defaultState = "/var/lib/wirebuddy"

    /// Where the API listens unless somebody says otherwise.
    static let defaultListen = SocketAddress(IPAddress(v4: 0x7F00_0001), port: 8080)

    /// The values that follow from flags, host file and defaults, in this order.
    init(config: String?, state: String?, hostFile: String?, file: HostConfiguration) {
        func value(_ flag: (name: String, value: String?)?, _ written: String?, _ builtIn: String) -> Value<String> {
            if let flag, let given = flag.value { return Value(content: given, origin: .flag(flag.name)) }
            if let written { return Value(content: written, origin: .hostFile) }
            return Value(content: builtIn, origin: .builtIn)
        }
        self.hostFile = value(("--host-file", hostFile), nil, Self.defaultHostFile)
        self.config = value(("--config", config), file.config, "/etc/wirebuddy")
        let state = value(("--state", state), file.state, Self.defaultState)
        self.state = state
        branch = value(nil, file.branch, "main")
        mode = Value(content: file.mode, origin: file.mode == .readWrite ? .builtIn : .hostFile)
        func written<Content>(_ content: Content, _ isWritten: Bool) -> Value<Content> {
            Value(content: content, origin: isWritten ? .hostFile : .builtIn)
        }
        remote = written(file.remote, file.remote != nil)
        poll = written(file.poll ?? .seconds(60), file.poll != nil)
        verify = written(file.verify, file.verify != .none)
        allowedSigners = written(file.allowedSigners, file.allowedSigners != nil)
        secretsDirectory = value(nil, file.secretsDirectory, "\(state.content)/secrets")
        secretsEnvironment = Value(
            content: file.secretsEnvironment, origin: file.secretsEnvironment.isEmpty ? .builtIn : .hostFile)
        userspace = value(nil, file.userspace, "wireguard-go")
        geoIPDirectory = value(nil, file.geoIPDirectory, "/var/lib/GeoIP")
        api = written(file.api, file.api != HostConfiguration.API())
        firewallIntegrations = written(file.firewallIntegrations, !file.firewallIntegrations.isEmpty)
        hooksDirectory = value(nil, file.hooksDirectory, "/etc/wirebuddy.d")
        gitSecretFile = written(file.gitSecretFile, file.gitSecretFile != nil)
    }

    /// Every value as text, by its name in the host file.
    var table: [(name: String, value: String, origin: Origin)] {
        [
            ("host file", hostFile.content, hostFile.origin),
            ("config", config.content, config.origin),
            ("state", state.content, state.origin),
            ("repository.branch", branch.content, branch.origin),
            ("repository.mode", mode.content.rawValue, mode.origin),
            ("repository.remote", remote.content.map(RemoteURL.redacted) ?? "(none)", remote.origin),
            ("repository.poll", "\(poll.content.components.seconds)s", poll.origin),
            ("repository.verify", verify.content.rawValue, verify.origin),
            ("repository.allowed_signers", allowedSigners.content ?? "(none)", allowedSigners.origin),
            ("secrets.directory", secretsDirectory.content, secretsDirectory.origin),
            (
                "secrets.env",
                secretsEnvironment.content.isEmpty ? "(none)" : secretsEnvironment.content.joined(separator: ", "),
                secretsEnvironment.origin
            ),
            ("userspace", userspace.content, userspace.origin),
            ("geoip_directory", geoIPDirectory.content, geoIPDirectory.origin),
            (
                "firewall.integrate",
                firewallIntegrations.content.isEmpty
                    ? "(none)" : firewallIntegrations.content.map(\.rawValue).joined(separator: ", "),
                firewallIntegrations.origin
            ),
            ("hooks.directory", hooksDirectory.content, hooksDirectory.origin),
            ("hooks.git_secret_file", gitSecretFile.content ?? "(none)", gitSecretFile.origin),
        ] + apiTable
    }

    private var apiTable: [(name: String, value: String, origin: Origin)] {
        let api = api.content
        func row(_ name: String, _ values: [String]?, builtIn: String = "(none)") -> (String, String, Origin) {
            guard let values else { return ("api.\(name)", builtIn, .builtIn) }
            return ("api.\(name)", values.isEmpty ? "(none)" : values.joined(separator: ", "), .hostFile)
        }
        func list(_ values: [String]) -> [String]? { values.isEmpty ? nil : values }
        return [
            row("listen", api.listen?.map(\.description), builtIn: Self.defaultListen.description),
            row("metrics_listen", api.metricsListen.map { [$0.description] }),
            row("tls.certificate", api.tlsCertificate.map { [$0] }), row("tls.key", api.tlsKey.map { [$0] }),
            row("trusted_proxies", list(api.trustedProxies.map(\.description))),
            row("cors_origins", list(api.corsOrigins)), row("socket_group", api.socketGroup.map { [$0] }),
        ]
    }
}
