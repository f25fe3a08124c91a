import DNSForwarder
import Glibc
import Logging
import Synchronization

/// The file descriptor store of the service manager (sd_notify(3), `FDSTORE=1`): sockets outlive the process in it, and
/// come back by `LISTEN_FDS` at the next start.
final class DescriptorStore: SocketStore {
    /// The first descriptor that is handed over (sd_listen_fds(3)).
    private static let first: CInt = 3
    /// The most descriptors that one message carries (unix(7), SCM_MAX_FD).
    private static let mostInMessage = 253
    /// How long is waited for the manager to have done what it was told.
    private static let patience = Duration.seconds(1)

    private let socket: NotifySocket
    private let logger: Logger
    private let kept: Mutex<[String: [CInt]]>

    init(_ socket: NotifySocket, kept: [String: [CInt]], logger: Logger) {
        self.socket = socket
        self.kept = Mutex(kept)
        self.logger = logger
    }

    /// The descriptors that were handed over, by name. From now on no program we start inherits them.
    static func inherited(count: String?, names: String?) -> [String: [CInt]] {
        guard let count = count.flatMap(CInt.init), count > 0, count < 10_000 else { return [:] }
        let names = (names ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var kept: [String: [CInt]] = [:]
        for index in 0..<count {
            let descriptor = first + index
            guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { continue }
            kept[Int(index) < names.count ? names[Int(index)] : "unknown", default: []].append(descriptor)
        }
        return kept
    }

    var names: [String] { kept.withLock { $0.keys.sorted() } }

    func take(_ name: String) -> [CInt] { kept.withLock { $0.removeValue(forKey: name) ?? [] } }

    func keep(_ sockets: [CInt], as name: String) {
        var rest = sockets[...]
        while !rest.isEmpty {
            // FDPOLL=0: a datagram that can't be delivered sets an error on its socket, which is no reason to drop it.
            tell(["FDSTORE=1", "FDNAME=\(name)", "FDPOLL=0"], Array(rest.prefix(Self.mostInMessage)))
            rest = rest.dropFirst(Self.mostInMessage)
        }
    }

    func forget(_ names: [String]) async {
        for name in names { tell(["FDSTOREREMOVE=1", "FDNAME=\(name)"]) }
        // Until its duplicates are closed, nobody can be bound where they are.
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let isTold = tell(["BARRIER=1"], [ends[1]])
        close(ends[1])
        guard isTold else { return }
        await Self.waitForHangup(ends[0])
    }

    /// Returns when nobody has the other end of a pipe open any more, or patience is over.
    private static func waitForHangup(_ descriptor: CInt) async {
        let end = ContinuousClock.now + patience
        var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
        while unsafe poll(&waiting, 1, 0) == 0, ContinuousClock.now < end {
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return }
        }
    }

    @discardableResult
    private func tell(_ lines: [String], _ descriptors: [CInt] = []) -> Bool {
        do throws(SystemError) {
            try socket.send(lines, descriptors: descriptors)
            return true
        } catch {
            logger.warning(
                "the service manager can't keep sockets", metadata: ["message": "\(lines[0])", "error": "\(error)"])
            return false
        }
    }
}
