import Glibc
import Model

/// The clock of the host.
struct SystemClock: WallClock {
    func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec))
    }
}
