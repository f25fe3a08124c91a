import Glibc

/// Time since the host started. Nobody sets it, and it goes on while the host sleeps.
enum BootClock {
    /// Milliseconds since the start.
    static var milliseconds: Int64 {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_BOOTTIME, &time) == 0 else { return 0 }
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Names the present boot; empty where `/proc` does not tell.
    static var bootID: String {
        guard case .success(let bytes) = SmallFile.read("/proc/sys/kernel/random/boot_id") else { return "" }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }
}
