import Model

/// The table of the host file `/etc/wirebuddy.yaml`.
enum HostKind {
    static let kind = Kind<HostConfiguration>(
        "the host file", "What decides the trust of the host: it is not part of the repository.", schemaName: "host",
        hasHeader: false, table: table, initial: { _ in HostConfiguration() })

    static let table = FieldTable<HostConfiguration>(unsupported: ["api", "firewall", "geoip_directory", "hooks"]) {
        Field(
            "config", .directory, "The configuration repository.", default: .string("/etc/wirebuddy")
        ) { $0.config = $1 }
        Field("state", .directory, "The state directory.", default: .string("/var/lib/wirebuddy")) { $0.state = $1 }
        Field("repository", .object(repository, Repository()), "How the repository is read.") {
            $0.branch = $1.branch
            $0.mode = $1.mode
            $0.remote = $1.remote
            $0.poll = $1.poll
            $0.verify = $1.verify
            $0.allowedSigners = $1.allowedSigners
        }
        Field("secrets", .object(secrets, Secrets()), "Where secrets of manifests may come from.") {
            $0.secretsDirectory = $1.directory
            $0.secretsEnvironment = $1.names
        }
        Field(
            "userspace", .program, "The userspace WireGuard program.", default: .string("wireguard-go")
        ) { $0.userspace = $1 }
    }

    private struct Repository {
        var branch: String?
        var mode: HostConfiguration.RepositoryMode = .readWrite
        var remote: String?
        var poll: Duration?
        var verify: HostConfiguration.Verification = .none
        var allowedSigners: String?
    }

    private static let repository = FieldTable<Repository> {
        Field(
            "branch", .branch, "The branch whose head is the desired state.", default: .string("main")
        ) { $0.branch = $1 }
        Field(
            "mode", .word, "Whether WireBuddy may write to the repository.", default: .string("readwrite")
        ) { $0.mode = $1 }
        Field(
            "remote", .remote,
            "The git remote that is followed and pushed to: the name of one of the repository (origin), or a URL."
                + " Without it nothing is fetched or pushed, whatever upstream the branch has.",
            secret: true
        ) { $0.remote = $1 }
        Field(
            "poll", .duration(5...86400, "of 5 seconds to 1 day"), "The time between looks at the remote.",
            default: .string("60s")
        ) { $0.poll = $1 }
        Field(
            "verify", .word,
            "Whether only a head with a good signature is used. WireBuddy then writes nothing itself.",
            default: .string("none")
        ) { $0.verify = $1 }
        Field(
            "allowed_signers", .directory,
            "Who may sign: an allowed signers file (ssh-keygen(1)) for ssh, a file of exported public keys for gpg."
        ) { $0.allowedSigners = $1 }
    }

    private struct Secrets {
        var directory: String?
        var names: [String] = []
    }

    private static let secrets = FieldTable<Secrets> {
        Field(
            "directory", .directory, "The root of file: secrets; default: secrets below the state directory."
        ) { $0.directory = $1 }
        Field(
            "env", .list("environment-name", of: .environmentName, "names of environment variables"),
            "The names that env: secrets may use.", default: .array([])
        ) { $0.names = $1 }
    }
}
