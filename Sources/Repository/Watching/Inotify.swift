import Glibc

/// Watches of folders (`inotify(7)`).
final class Inotify {
    /// Something happened in a watched folder.
    struct Event {
        /// The watch; -1 when events were lost.
        let watch: Int32
        let mask: UInt32
        /// The entry; empty for the folder itself.
        let name: [UInt8]

        /// Whether the folder itself went, or events were lost.
        var endsWatch: Bool {
            mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT | IN_Q_OVERFLOW) != 0
        }
        /// Whether the entry is a folder.
        var isFolder: Bool { mask & UInt32(IN_ISDIR) != 0 }
    }

    let descriptor: Int32

    /// Nil when the system allows no more of them.
    init?() {
        descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Watches a folder; nil when there is none, or no more watches are allowed.
    func watch(_ path: String) -> Int32? {
        let what =
            IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF
        let watch = unsafe inotify_add_watch(descriptor, path, UInt32(what) | UInt32(IN_ONLYDIR))
        return watch >= 0 ? watch : nil
    }

    /// Ends a watch.
    func unwatch(_ watch: Int32) { inotify_rm_watch(descriptor, watch) }

    /// The events that came since the last call; doesn't wait.
    func events() -> [Event] {
        var events: [Event] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return events }
            // struct inotify_event: wd, mask, cookie and len of 4 bytes each, then len bytes of name and padding.
            var start = 0
            while start + 16 <= count {
                let field = { (index: Int) -> UInt32 in
                    (0..<4).reduce(0) { $0 | UInt32(buffer[start + index * 4 + $1]) << UInt32(8 * Self.shift($1)) }
                }
                let length = Int(field(3))
                guard start + 16 + length <= count else { break }
                let name = buffer[(start + 16)..<(start + 16 + length)].prefix { $0 != 0 }
                events.append(Event(watch: Int32(bitPattern: field(0)), mask: field(1), name: Array(name)))
                start += 16 + length
            }
        }
    }

    /// The place of a byte in an integer of this host.
    private static func shift(_ byte: Int) -> Int { UInt32(1).littleEndian == 1 ? byte : 3 - byte }
}
