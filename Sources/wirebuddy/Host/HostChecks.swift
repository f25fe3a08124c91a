import Credentials
import Glibc
import Model

/// The checks of what a host must have. Each looks at one thing and changes nothing that stays.
struct HostChecks: Sendable {
    let settings: HostSettings

    /// Whether this process may change the network (`capabilities(7)`).
    func networkRights() -> HostCheck {
        let name = "network rights"
        let isRoot = geteuid() == 0
        if Self.effectiveCapabilities.map({ $0 & (1 << Self.CAP_NET_ADMIN) != 0 }) ?? isRoot {
            return HostCheck(name, .good(isRoot ? "root" : "CAP_NET_ADMIN"))
        }
        let advice =
            isRoot
            ? "root without CAP_NET_ADMIN can't change the network: start the container with --cap-add NET_ADMIN"
            : "no right to change the network: run as root, or give the program CAP_NET_ADMIN"
        return HostCheck(name, .failure(advice))
    }

    private static let CAP_NET_ADMIN: UInt64 = 12

    private static var effectiveCapabilities: UInt64? {
        let lines = SmallFile.text("/proc/self/status")?.split(separator: "\n") ?? []
        guard let line = lines.first(where: { $0.hasPrefix("CapEff:") }) else { return nil }
        return UInt64(line.dropFirst(7).drop { $0 == "\t" || $0 == " " }, radix: 16)
    }

    /// The device of userspace tunnels.
    func tun() -> HostCheck {
        let path = "/dev/net/tun"
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        if descriptor >= 0 {
            close(descriptor)
            return HostCheck(path, .good("can be opened"))
        }
        let reason = SystemError(errno)
        return HostCheck(
            path,
            .failure(
                "\(path) can't be opened (\(reason)), userspace WireGuard needs it: load the module with `modprobe tun`,"
                    + " or give it to the container with --device \(path)"))
    }

    /// A program that is called.
    func program(_ program: String, for purpose: String, package: String) -> HostCheck {
        if let path = Environment.program(program) { return HostCheck(program, .good(path)) }
        return HostCheck(
            program,
            .failure(
                "\(program) was not found in PATH, \(purpose) needs it: install it with `apt-get install \(package)`"))
    }

    /// nftables.
    func nft() -> HostCheck { program("nft", for: "the firewall", package: "nftables") }

    /// The userspace program of WireGuard.
    func userspace() -> HostCheck {
        program(settings.userspace.content, for: "userspace WireGuard", package: "wireguard-go")
    }

    /// git, when the configuration is a git repository.
    func git() -> HostCheck {
        let found = program("git", for: "the configuration repository", package: "git")
        guard found.failure != nil, !Self.isGitRepository(settings.config.content) else { return found }
        return HostCheck(
            "git", .warning("not found in PATH; \(settings.config.content) is a plain directory and needs none"))
    }

    /// A remote that is there and not followed; nil when there is nothing to say.
    ///
    /// - Parameter names: The remotes of the repository.
    func remote(_ names: [String]) -> HostCheck? {
        guard settings.remote.content == nil, let name = names.first(where: { $0 == "origin" }) ?? names.first else {
            return nil
        }
        return HostCheck(
            "remote",
            .warning(
                "\(name) is neither followed nor pushed to: set repository.remote: \(name) in the host file for that"))
    }

    /// What checking signatures needs; nil when none are checked.
    func signatures() -> HostCheck? {
        let program: String
        switch settings.verify.content {
        case .none: return nil
        case .ssh: program = "ssh-keygen"
        case .gpg: program = "gpg"
        }
        let name = "signatures"
        guard let file = settings.allowedSigners.content else {
            return HostCheck(
                name,
                .failure(
                    "repository.verify needs repository.allowed_signers in the host file: the file of who may sign"))
        }
        guard unsafe access(file, R_OK) == 0 else {
            return HostCheck(name, .failure("repository.allowed_signers \(file) can't be read: \(SystemError(errno))"))
        }
        let found = self.program(
            program, for: "repository.verify", package: program == "gpg" ? "gnupg" : "openssh-client")
        return found.failure == nil ? HostCheck(name, .good("those of \(file)")) : found
    }

    /// The files of the API's certificate; nil when it speaks no TLS.
    func certificate() -> HostCheck? {
        let name = "api.tls"
        let files = [settings.api.content.tlsCertificate, settings.api.content.tlsKey].compactMap(\.self)
        guard !files.isEmpty else { return nil }
        guard files.count == 2 else {
            return HostCheck(name, .failure("api.tls in the host file needs both certificate and key"))
        }
        for file in files where unsafe access(file, R_OK) != 0 {
            return HostCheck(name, .failure("\(file) of api.tls can't be read: \(SystemError(errno))"))
        }
        return HostCheck(name, .good(files.joined(separator: ", ")))
    }

    /// What of the hooks directory is not run; what is run, if anything.
    func hooks() -> [HostCheck] {
        let listing = HookDirectory(settings).list()
        let names = listing.programs.compactMap { $0.split(separator: "/").last }.joined(separator: ", ")
        return (names.isEmpty ? [] : [HostCheck("hooks", .good("\(names) run after a pass"))])
            + listing.refused.map { path, reason in HostCheck("hooks", .warning("\(path): \(reason)")) }
    }

    /// What is asked for and not done; nil when there is nothing to say.
    func firewallIntegrations() -> HostCheck? {
        guard settings.firewallIntegrations.content.contains(.firewalld) else { return nil }
        return HostCheck(
            "firewall.integrate",
            .warning(
                "firewalld has no effect yet: use `firewall-cmd --permanent --zone=trusted --add-interface=wg0` and"
                    + " `firewall-cmd --permanent --add-port=51820/udp`"))
    }

    /// The secret of forges that tell of pushes; nil when none is named.
    func gitSecret() -> HostCheck? {
        guard let file = settings.gitSecretFile.content else { return nil }
        do throws(SecretFailure) {
            _ = try HookSecretFile.read(file)
            return HostCheck("hooks.git_secret_file", .good(file))
        } catch {
            return HostCheck("hooks.git_secret_file", .warning("\(error), so that POST /api/hooks/git answers nobody"))
        }
    }

    /// Whether a directory is the top of a worktree, or a bare repository.
    static func isGitRepository(_ directory: String) -> Bool {
        unsafe access("\(directory)/.git", F_OK) == 0
            || (unsafe access("\(directory)/HEAD", F_OK) == 0 && access("\(directory)/objects", F_OK) == 0)
    }

    /// The kernel's WireGuard. `answers` is what the kernel said when it was asked, nil when it could not be.
    func kernelModule(answers: Bool?) -> HostCheck {
        let name = "wireguard module"
        let instead = "interfaces run in userspace by \(settings.userspace.content)"
        switch answers {
        case true: return HostCheck(name, .good("the kernel answers"))
        case false: return HostCheck(name, .warning("this kernel offers no WireGuard; \(instead)"))
        default:
            let isLoaded = unsafe access("/sys/module/wireguard", F_OK) == 0
            return HostCheck(
                name, isLoaded ? .good("loaded") : .warning("not loaded; unless it can be, \(instead)"))
        }
    }

    /// The configuration can be listed.
    func config() -> HostCheck {
        let path = settings.config.content
        guard let directory = unsafe opendir(path) else {
            let reason = SystemError(errno)
            let advice =
                reason.code == ENOENT ? ": make it with `wirebuddy init --config \(ShellWord.quoted(path))`" : ""
            return HostCheck("configuration", .failure("configuration \(path) can't be read: \(reason)\(advice)"))
        }
        unsafe closedir(directory)
        return HostCheck("configuration", .good("\(path) can be read"))
    }

    /// The state directory takes what a pass may write: it exists or is made, and a megabyte can be stored there.
    func state() -> HostCheck {
        let path = settings.state.content
        if let error = Self.probe(path) {
            let advice =
                switch error.code {
                case ENOSPC, EDQUOT: "make room on its file system"
                case EROFS: "mount its file system writable, or choose another one with --state"
                case EACCES, EPERM: "run as root, or choose another one with --state"
                case ENOENT, ENOTDIR: "make the directory above it, or choose another one with --state"
                default: "choose another one with --state"
                }
            return HostCheck(
                "state directory", .failure("state directory \(path) can't be written (\(error)): \(advice)"))
        }
        return HostCheck("state directory", .good("\(path) can be written"))
    }

    /// Stores a megabyte in the directory, or in the nearest one above it that exists. The file has no name, so that
    /// nothing is left of it whenever the process ends.
    private static func probe(_ directory: String) -> SystemError? {
        // O_TMPFILE of <fcntl.h>, which Glibc's module doesn't show.
        let withoutName = 0o20_000_000 | O_DIRECTORY
        var descriptor = unsafe open(directory, O_WRONLY | O_CLOEXEC | withoutName, 0o600)
        if descriptor < 0, errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL {
            // Some file systems give every file a name.
            let path = "\(directory)/.probe-\(getpid())"
            descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 { unsafe unlink(path) }
        }
        guard descriptor >= 0 else {
            let error = SystemError(errno)
            guard error.code == ENOENT, let slash = directory.lastIndex(of: "/"), directory != "/" else { return error }
            return probe(slash == directory.startIndex ? "/" : String(directory[..<slash]))
        }
        defer { close(descriptor) }
        // Returns the error number instead of setting errno.
        let error = posix_fallocate(descriptor, 0, 1 << 20)
        return error == 0 || error == EOPNOTSUPP ? nil : SystemError(error)
    }

    /// The clock stands after this program was made: expiry depends on it.
    func clock(_ now: Timestamp) -> HostCheck {
        // 2026-01-01T00:00:00Z: the program is younger, so a clock before it is wrong.
        guard now.seconds >= 1_767_225_600 else {
            return HostCheck(
                "clock", .failure("the clock stands at \(now): set it (`timedatectl set-ntp true`), peers expire by it")
            )
        }
        return HostCheck("clock", .good(now.description))
    }
}
