import Synchronization

/// Tells when a program behind one of our links ends. One thread per program, asleep until then.
final class ProcessWatch: Sendable {
    private let watched = Mutex<[String: Int32]>([:])
    private let ended: @Sendable (_ link: String) -> Void

    /// - Parameter ended: called on a thread of its own, once per process that ended while it was watched.
    init(ended: @escaping @Sendable (_ link: String) -> Void) {
        self.ended = ended
    }

    /// Watches the program behind a link; one that is watched already is left.
    func watch(_ link: String, _ process: ProcessHandle) {
        let isNew = watched.withLock { watched in
            defer { watched[link] = process.id }
            return watched[link] != process.id
        }
        guard isNew else { return }
        startThread(named: "wg-\(link)") { [self] in
            guard process.waitForEnd(milliseconds: -1) else { return }
            let wasWatched = watched.withLock { watched in
                guard watched[link] == process.id else { return false }
                watched[link] = nil
                return true
            }
            if wasWatched { ended(link) }
        }
    }

    /// Forgets a link: the end of its program is our own doing.
    func forget(_ link: String) {
        watched.withLock { watched in watched[link] = nil }
    }
}
