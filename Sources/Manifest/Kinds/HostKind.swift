import Model

/// The table of the host file `/etc/wirebuddy.yaml`.
enum HostKind {
    static let kind = Kind<HostConfiguration>(
        "the host file", "What decides the trust of the host: it is not part of the repository.", schemaName: "host",
        hasHeader: false, table: table, initial: { _ in HostConfiguration() })

    static let table = FieldTable<HostConfiguration> {
        Field(
            "config", .directory, "The configuration repository.", default: .string("/etc/wirebuddy"), \.config)
        Field("state", .directory, "The state directory.", default: .string("/var/lib/wirebuddy"), \.state)
        Field(
            "repository", .object(repository, Repository()), "How the repository is read.",
            get: { Repository($0) },
            set: {
                $0.branch = $1.branch
                $0.mode = $1.mode
                $0.remote = $1.remote
                $0.poll = $1.poll
                $0.verify = $1.verify
                $0.allowedSigners = $1.allowedSigners
            })
        Field("api", .object(api, HostConfiguration.API()), "Where and to whom the API answers.", \.api)
        Field(
            "secrets", .object(secrets, Secrets()), "Where secrets of manifests may come from.",
            get: { Secrets(directory: $0.secretsDirectory, names: $0.secretsEnvironment) },
            set: {
                $0.secretsDirectory = $1.directory
                $0.secretsEnvironment = $1.names
            })
        Field(
            "userspace", .program, "The userspace WireGuard program.", default: .string("wireguard-go"), \.userspace)
        Field(
            "geoip_directory", .directory, "Where the GeoIP files are that the settings name.",
            default: .string("/var/lib/GeoIP"), \.geoIPDirectory)
        Field(
            "firewall", .object(firewall, Firewall()), "How WireBuddy lives with other firewall programs.",
            get: { Firewall(integrate: $0.firewallIntegrations) },
            set: { $0.firewallIntegrations = $1.integrate })
        Field(
            "hooks", .object(hooks, Hooks()),
            "Programs that run after a pass, and who may ask for a look at the remote.",
            get: { Hooks(directory: $0.hooksDirectory, gitSecretFile: $0.gitSecretFile) },
            set: {
                $0.hooksDirectory = $1.directory
                $0.gitSecretFile = $1.gitSecretFile
            })
    }

    private struct Firewall {
        var integrate: [FirewallIntegration] = []
    }

    private static let firewall = FieldTable<Firewall> {
        Field(
            "integrate", .list("firewall-integration", of: .word, "firewall programs"),
            "The programs in whose own chains WireBuddy lets its traffic pass: docker, ufw, firewalld.",
            default: .array([]), \.integrate)
    }

    private struct Hooks {
        var directory: String?
        var gitSecretFile: String?
    }

    private static let hooks = FieldTable<Hooks> {
        Field(
            "directory", .directory, "Where the programs are that run after a pass.",
            default: .string("/etc/wirebuddy.d"), \.directory)
        Field(
            "git_secret_file", .directory,
            "The file with the secret by which a forge signs POST /api/hooks/git; without it nobody is answered there.",
            \.gitSecretFile)
    }

    private struct Repository {
        var branch: String?
        var mode: HostConfiguration.RepositoryMode = .readWrite
        var remote: String?
        var poll: Duration?
        var verify: HostConfiguration.Verification = .none
        var allowedSigners: String?

        init() {}

        init(_ file: HostConfiguration) {
            branch = file.branch
            mode = file.mode
            remote = file.remote
            poll = file.poll
            verify = file.verify
            allowedSigners = file.allowedSigners
        }
    }

    private static let repository = FieldTable<Repository> {
        Field(
            "branch", .branch, "The branch whose head is the desired state.", default: .string("main"), \.branch)
        Field(
            "mode", .word, "Whether WireBuddy may write to the repository.", default: .string("readwrite"), \.mode)
        Field(
            "remote", .remote,
            "The git remote that is followed and pushed to: the name of one of the repository (origin), or a URL."
                + " Without it nothing is fetched or pushed, whatever upstream the branch has.",
            secret: true, \.remote)
        Field(
            "poll", .duration(5...86400, "of 5 seconds to 1 day"), "The time between looks at the remote.",
            default: .string("60s"), \.poll)
        Field(
            "verify", .word,
            "Whether only a head with a good signature is used. WireBuddy then writes nothing itself.",
            default: .string("none"), \.verify)
        Field(
            "allowed_signers", .directory,
            "Who may sign: an allowed signers file (ssh-keygen(1)) for ssh, a file of exported public keys for gpg.",
            \.allowedSigners)
    }

    private struct Secrets {
        var directory: String?
        var names: [String] = []
    }

    private static let secrets = FieldTable<Secrets> {
        Field(
            "directory", .directory, "The root of file: secrets; default: secrets below the state directory.",
            \.directory)
        Field(
            "env", .list("environment-name", of: .environmentName, "names of environment variables"),
            "The names that env: secrets may use.", default: .array([]), \.names)
    }

    private struct TLS {
        var certificate = ""
        var key = ""
    }

    private static let api = FieldTable<HostConfiguration.API> {
        Field(
            "listen", .list("socket-address", of: .socketAddress(8080), "addresses with a port"),
            "Where the API listens; [] for the unix socket alone.", default: .array([.string("127.0.0.1:8080")]),
            \.listen)
        Field(
            "metrics_listen", .socketAddress(9586),
            "Where /metrics is answered to everybody who reaches it, without a token and in plain HTTP; default: nowhere.",
            \.metricsListen)
        Field(
            "tls", .object(tls, TLS()),
            "With a certificate the listeners speak TLS, and read it again when it changes.",
            get: { api in
                guard let certificate = api.tlsCertificate, let key = api.tlsKey else { return nil }
                return TLS(certificate: certificate, key: key)
            },
            set: {
                $0.tlsCertificate = $1.certificate
                $0.tlsKey = $1.key
            })
        Field(
            "trusted_proxies", .list("prefix", of: .prefix, "prefixes"), "Proxies whose X-Forwarded-For counts.",
            default: .array([]), \.trustedProxies)
        Field(
            "cors_origins", .list("origin", of: .origin, "origins"),
            "Pages in browsers that may read answers, * for all; never with cookies.", default: .array([]),
            \.corsOrigins)
        Field(
            "socket_group", .groupName, "The group whose members are admins at the unix socket; default: only root.",
            \.socketGroup)
    }

    private static let tls = FieldTable<TLS> {
        Field("certificate", .directory, "The PEM file with the certificate chain.", required: true, \.certificate)
        Field("key", .directory, "The PEM file with the private key.", required: true, \.key)
    }
}
