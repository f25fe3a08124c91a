import Dispatch

/// Tells when the head of a repository may have moved: the references of a git repository, or the files of a plain
/// directory. A burst of changes is told once, when none came for a moment (``WatchTarget/quiet``), and at the latest after a
/// second.
///
/// It only wakes: where it can't watch (no inotify, a network file system) the loop's interval still looks.
final class ChangeWatch: @unchecked Sendable {
    // Everything below is used on `queue` only.
    private let queue = DispatchQueue(label: "wirebuddy.repository.watch")
    private let inotify: Inotify
    private let source: any DispatchSourceRead
    private let directory: String
    private let branch: String
    private let fire: @Sendable () -> Void
    private var targets: [Int32: Set<WatchTarget>] = [:]
    private var burst: Burst?

    /// Changes that are told together.
    private struct Burst {
        var first: DispatchTime
        var last: DispatchTime
        var quiet: WatchTarget.Quiet
        /// When it is over, if nothing more comes.
        var end: DispatchTime { min(last + quiet.interval, first + ChangeWatch.longest) }
    }

    private static let longest = DispatchTimeInterval.milliseconds(1000)

    /// A stream of changes; it ends when its task is cancelled.
    static func changes(of directory: String, branch: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        guard let inotify = Inotify() else {
            continuation.finish()
            return stream
        }
        let watch = ChangeWatch(inotify, directory: directory, branch: branch) { continuation.yield() }
        continuation.onTermination = { _ in watch.stop() }
        watch.start()
        return stream
    }

    private init(_ inotify: Inotify, directory: String, branch: String, fire: @escaping @Sendable () -> Void) {
        self.inotify = inotify
        self.directory = directory
        self.branch = branch
        self.fire = fire
        source = DispatchSource.makeReadSource(fileDescriptor: inotify.descriptor, queue: queue)
    }

    private func start() {
        // Before anybody waits, so that no change in between is missed.
        queue.sync { arm() }
        source.setEventHandler { [weak self] in self?.take() }
        // The descriptor must outlive the source.
        source.setCancelHandler { [inotify] in _ = inotify }
        source.resume()
    }

    private func stop() { source.cancel() }

    /// Watches what is there now, and nothing else.
    private func arm() {
        var next: [Int32: Set<WatchTarget>] = [:]
        for target in WatchTarget.targets(of: directory, branch: branch) {
            if let watch = inotify.watch(target.path) { next[watch, default: []].insert(target) }
        }
        for watch in targets.keys where next[watch] == nil { inotify.unwatch(watch) }
        targets = next
    }

    private func take() {
        let found = inotify.events().compactMap { event -> WatchTarget.Quiet? in
            // A watch that arm() ended says so once; that is no change.
            guard let targets = targets[event.watch] else { return event.watch < 0 ? .files : nil }
            return targets.filter { event.endsWatch || $0.concerns(event.name, isFolder: event.isFolder) }
                .map(\.quiet).max()
        }
        guard let quiet = found.max() else { return }
        let now = DispatchTime.now()
        let isFirst = burst == nil
        burst = Burst(first: burst?.first ?? now, last: now, quiet: max(burst?.quiet ?? quiet, quiet))
        if isFirst { queue.asyncAfter(deadline: now + quiet.interval) { [weak self] in self?.settle() } }
    }

    private func settle() {
        guard let burst else { return }
        guard DispatchTime.now() >= burst.end else {
            queue.asyncAfter(deadline: burst.end) { [weak self] in self?.settle() }
            return
        }
        self.burst = nil
        // First watch what is new, then tell: what is written from now on is told again.
        arm()
        fire()
    }
}
