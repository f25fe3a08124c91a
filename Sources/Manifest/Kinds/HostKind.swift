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
    }

    private static let repository = FieldTable<Repository>(unsupported: ["remote", "poll", "verify", "allowed_signers"])
    {
        Field(
            "branch", .branch, "The branch whose head is the desired state.", default: .string("main")
        ) { $0.branch = $1 }
        Field(
            "mode", .word, "Whether WireBuddy may write to the repository.", default: .string("readwrite")
        ) { $0.mode = $1 }
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
