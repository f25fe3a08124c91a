import Glibc
import Model
import Synchronization

/// The keys of the host in memory, read again when their files changed.
final class HostKeyCache: Sendable {
    private struct Loaded {
        var stamps: [Stamp?]
        var opener: SecretOpener
    }

    /// What tells one state of a file from another.
    private struct Stamp: Equatable {
        var inode: UInt
        var seconds: Int
        var nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else { return nil }
            inode = UInt(status.st_ino)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    private let state: String
    private let loaded = Mutex<Loaded?>(nil)

    init(state: String) {
        self.state = state
    }

    /// What opens values that are sealed to this host.
    func opener() throws(SecretFailure) -> SecretOpener {
        try loaded.withLock { loaded throws(SecretFailure) in
            let stamps = [HostKey.fileName, HostKey.nextName].map { Stamp("\(state)/\($0)") }
            if let loaded, loaded.stamps == stamps { return loaded.opener }
            guard let key = try HostKey.load(state: state) else {
                throw SecretFailure(
                    "this host has no key to open sealed values (\(state)/\(HostKey.fileName)):"
                        + " `wirebuddy secret recipients` makes it and says what to do")
            }
            let opener = SecretOpener([key] + (try HostKey.loadNext(state: state).map { [$0] } ?? []), of: "this host")
            loaded = Loaded(stamps: stamps, opener: opener)
            return opener
        }
    }
}
