import Glibc
import Logging
import Synchronization

/// The service manager that started this process, as far as it told of itself by the environment: systemd, or any other
/// that speaks sd_notify(3). Without one every message goes nowhere.
final class Supervisor: Sendable {
    /// The time of its watchdog; nil: it has none for this process.
    let watchdog: Duration?
    /// The sockets it kept for us; nil: nobody keeps any.
    let descriptors: DescriptorStore?

    private let socket: NotifySocket?
    private let logger: Logger
    private let hasFailed = Mutex(false)

    /// Reads the variables of the protocol and removes them, so that programs we start don't take them for theirs.
    init(logger: Logger) {
        let value = { name in Environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let isOurs = { (name: String) in value(name).map { Int32($0) == getpid() } }
        socket = value("NOTIFY_SOCKET").flatMap(NotifySocket.init)
        self.logger = logger
        let time = value("WATCHDOG_USEC").flatMap(Int64.init).flatMap { $0 > 0 ? Duration.microseconds($0) : nil }
        watchdog = isOurs("WATCHDOG_PID") ?? true ? time : nil
        let kept =
            isOurs("LISTEN_PID") == true
            ? DescriptorStore.inherited(count: value("LISTEN_FDS"), names: value("LISTEN_FDNAMES")) : [:]
        descriptors = socket.map { DescriptorStore($0, kept: kept, logger: logger) }
        if let name = value("NOTIFY_SOCKET"), socket == nil {
            logger.warning("the service manager can't be told anything", metadata: ["NOTIFY_SOCKET": "\(name)"])
        }
        for name in Self.variables { unsafe unsetenv(name) }
    }

    private static let variables = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS",
        "LISTEN_FDNAMES", "FDSTORE",
    ]

    /// Everything is up: the API listens and the first pass was made, or a reload is through.
    func isReady() { tell(["READY=1"]) }

    /// What the gateway does, in one line for people.
    func status(_ text: String) {
        let line = String(text.unicodeScalars.prefix(500).map { $0.value < 0x20 ? " " : Character($0) })
        tell(["STATUS=\(line)"])
    }

    /// The files are read again; ``isReady()`` ends it.
    func isReloading() { tell(["RELOADING=1", "MONOTONIC_USEC=\(Self.monotonicMicroseconds)"]) }

    /// The end begins.
    func isStopping() { tell(["STOPPING=1", "STATUS=ending; the gateway keeps running"]) }

    /// The loop is alive.
    func ping() { tell(["WATCHDOG=1"]) }

    private static var monotonicMicroseconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    private func tell(_ lines: [String]) {
        guard let socket else { return }
        do throws(SystemError) {
            try socket.send(lines)
            hasFailed.withLock { $0 = false }
        } catch {
            // Once: a supervisor that went away does not come back, and the log is not for that.
            let isKnown = hasFailed.withLock { failed in
                defer { failed = true }
                return failed
            }
            if !isKnown { logger.warning("the service manager can't be told", metadata: ["error": "\(error)"]) }
        }
    }
}
