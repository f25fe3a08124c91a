import FoundationEssentials
import Glibc
import Model

/// Who can read and change what is ours.
extension HostChecks {
    /// Files that are open to others.
    func permissions() -> HostCheck {
        let name = "permissions"
        let state = settings.state.content
        var faults: [String] = []
        let open = { (path: String, bits: mode_t, fix: String) in
            guard let status = Self.status(path) else { return }
            if status.st_mode & bits != 0 {
                faults.append("\(path) is open to others: `chmod \(fix) \(ShellWord.quoted(path))`")
            } else if status.st_uid != geteuid(), status.st_uid != 0 {
                faults.append("\(path) belongs to uid \(status.st_uid): `chown root \(ShellWord.quoted(path))`")
            }
        }
        open(state, 0o077, "700")
        open("\(state)/wirebuddy.db", 0o077, "600")
        open("\(state)/host.key", 0o077, "600")
        open("\(state)/keys", 0o077, "700")
        open(settings.secretsDirectory.content, 0o077, "700")
        open(settings.hostFile.content, 0o022, "go-w")
        if let file = settings.gitSecretFile.content { open(file, 0o077, "600") }
        return faults.isEmpty
            ? HostCheck(name, .good("only root reads state and secrets"))
            : HostCheck(name, .warning(faults.joined(separator: "; ")))
    }

    /// When the last backup was made.
    func lastBackup(_ now: Timestamp) -> HostCheck {
        let name = "backup"
        let advice = "make one with `wirebuddy backup FILE`"
        guard let time = LastBackup.time(state: settings.state.content) else {
            return HostCheck(name, .warning("none was made yet: \(advice)"))
        }
        let days = (now.seconds - time.seconds) / 86_400
        return HostCheck(name, days > 30 ? .warning("the last one is \(days) days old: \(advice)") : .good("\(time)"))
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}
