import Database
import Glibc
import Kernel
import Reconciler

/// Starts `wirebuddy watchdog` so that it outlives this process: as a transient unit where systemd runs, else in a
/// session of its own.
struct HostWatchdog: Watchdog {
    let composition: GatewayComposition
    let locks: HostLocks

    /// How long it may take until it says that it watches.
    private static let patience: Duration = .seconds(10)

    func isWatching() async -> Bool {
        // A lock that can't be looked at is nobody's: a second watchdog does no harm, none does.
        ((try? locks.watchdogHolder()) ?? nil) != nil
    }

    func start(_ checkpoint: Checkpoint) async throws {
        let folder = KeptRevisions.folder(of: composition.settings.state.content)
        _ = unsafe mkdir(folder, 0o700)
        let log = "\(folder)/watchdog.log"
        let started = DetachedProgram.start(WatchdogLaunch(composition, checkpoint.id).arguments, log: log)
        if case .failure(let failure) = started {
            throw CommandFailure(.error, "the watchdog can't be started: \(failure)")
        }
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            if try locks.watchdogHolder()?.contains(checkpoint.id) == true { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        if case .success(let process) = started { DetachedProgram.end(process) }
        throw CommandFailure(
            .error, "the watchdog did not begin to watch within \(Self.patience.components.seconds) s: see \(log)")
    }
}

/// The command line of a watchdog.
struct WatchdogLaunch: Sendable {
    /// The words, the program first.
    let arguments: [String]

    init(_ composition: GatewayComposition, _ checkpoint: String) {
        let settings = composition.settings
        var words = [
            Self.program, "watchdog", checkpoint, "--config", FilePath.real(settings.config.content), "--state",
            FilePath.real(settings.state.content),
        ]
        if let file = composition.global.hostFile { words += ["--host-file", FilePath.real(file)] }
        let isBooted = unsafe access("/run/systemd/system", F_OK) == 0
        arguments =
            isBooted
            ? Self.transientUnit(
                words, checkpoint, variables: settings.secretsEnvironment.content.sorted(),
                namespace: NetworkNamespace.isInitial ? nil : "/proc/\(getpid())/ns/net") : words
    }

    /// A unit of its own: it is not in the daemon's, so that it survives the daemon's stop. What it starts outlives it:
    /// a `wireguard-go` that restoring had to make. The host's own end does not wait for it: what is restored then is the
    /// next start's.
    ///
    /// - Parameters:
    ///   - variables: names of variables it gets; their values are in no command line.
    ///   - namespace: the network namespace, where it is not that of the host.
    static func transientUnit(
        _ words: [String], _ checkpoint: String, variables: [String], namespace: String?
    ) -> [String] {
        var unit = [
            "/usr/bin/systemd-run", "--quiet", "--collect", "--unit=wirebuddy-watchdog-\(checkpoint)",
            "--property=Restart=on-failure", "--property=RestartSec=1s", "--property=KillMode=process",
            "--property=TimeoutStopSec=1s",
        ]
        unit += namespace.map { ["--property=NetworkNamespacePath=\($0)"] } ?? []
        unit += variables.map { "--setenv=\($0)" }
        return unit + ["--"] + words
    }

    /// This program; by its descriptor where the file is gone since, as after an upgrade.
    private static var program: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return unsafe access(path, X_OK) == 0 ? path : "/proc/self/exe"
    }
}
