import Glibc
import Kernel
import Model
import Reconciler

/// What the host itself is like.
extension HostChecks {
    /// The version of the kernel: WireGuard is in it since 5.6.
    func kernel() -> HostCheck {
        let name = "kernel"
        guard let release = SmallFile.text("/proc/sys/kernel/osrelease")?.split(separator: "\n").first else {
            return HostCheck(name, .warning("/proc/sys/kernel/osrelease can't be read: is /proc mounted?"))
        }
        let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) >= (5, 6) else {
            return HostCheck(name, .warning("\(release): WireGuard is part of the kernel from 5.6 on"))
        }
        return HostCheck(name, .good(String(release)))
    }

    /// Whether forwarding can be switched on.
    func forwarding() -> HostCheck {
        let path = "/proc/sys/net/ipv4/ip_forward"
        let name = "sysctl"
        if unsafe access(path, W_OK) == 0 { return HostCheck(name, .good("net.ipv4.ip_forward can be written")) }
        let reason = SystemError(errno)
        if SmallFile.text(path)?.first == "1" {
            return HostCheck(name, .good("net.ipv4.ip_forward is 1 (it can't be written: \(reason))"))
        }
        return HostCheck(
            name,
            .warning(
                "net.ipv4.ip_forward can't be written (\(reason)), peers reach nothing behind this host: run as root, or"
                    + " start the container with --sysctl net.ipv4.ip_forward=1"))
    }

    /// Whether somebody sets the clock, and whether it went back.
    func clockSource(_ now: Timestamp) -> HostCheck {
        let name = "clock source"
        if let written = Self.newestChange(in: settings.state.content), written > now.seconds + 60 {
            return HostCheck(
                name,
                .warning(
                    "the clock went back: the state was written at \(Timestamp(seconds: written)); expiries are held until"
                        + " it is right again (`timedatectl status`)"))
        }
        return switch KernelClock.isSynchronised {
        case true: HostCheck(name, .good("synchronised"))
        case false:
            HostCheck(
                name,
                .warning(
                    "not synchronised: peers expire by it; run `timedatectl set-ntp true`, or install chrony"
                        + " (a container has the clock of its host)"))
        default: HostCheck(name, .warning("can't be asked whether it is synchronised"))
        }
    }

    private static func newestChange(in state: String) -> Int64? {
        ["wirebuddy.db", "wirebuddy.db-wal"].compactMap { name in
            var status = stat()
            guard unsafe stat("\(state)/\(name)", &status) == 0 else { return nil }
            return Int64(status.st_mtim.tv_sec)
        }.max()
    }

    /// The room in the state directory's file system.
    func room() -> HostCheck {
        let name = "disk"
        let state = settings.state.content
        var file = statvfs()
        var directory = state
        while unsafe statvfs(directory, &file) != 0 {
            guard errno == ENOENT, let slash = directory.lastIndex(of: "/"), slash != directory.startIndex else {
                return HostCheck(name, .warning("the room for \(state) can't be told: \(SystemError(errno))"))
            }
            directory = String(directory[..<slash])
        }
        let free = (Int(file.f_bavail) * Int(file.f_frsize)) >> 20
        let text = "\(Counting.grouped(free)) MB free for \(state)"
        if free < 16 {
            return HostCheck(name, .failure("\(text): make room, or no pass can be recorded"))
        }
        if free < 256 { return HostCheck(name, .warning("\(text): make room before it is full")) }
        return HostCheck(name, .good(text))
    }

    /// Whether a pass that may lock people out can be watched from outside of the daemon.
    func watchdog() -> HostCheck {
        let name = "watchdog"
        guard unsafe access("/run/systemd/system", F_OK) == 0 else {
            return HostCheck(
                name,
                .warning(
                    "no systemd runs here: what rolls an unconfirmed change back ends with this container or host"))
        }
        let found = program("systemd-run", for: "the watchdog of unconfirmed changes", package: "systemd")
        return found.failure == nil ? HostCheck(name, .good("systemd runs it as a unit of its own")) : found.optional
    }
}
