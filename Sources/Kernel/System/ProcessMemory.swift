import CLibC
import Glibc

/// How the process asks the C library for memory.
public enum ProcessMemory {
    /// Makes what a pass used go back to the system. Call it before the first thread starts.
    ///
    /// Measured with 10,000 peers, idle after some commits: 125 MB resident by glibc's defaults (an arena per thread, each
    /// with its own holes, and a threshold for mappings that grows with every large buffer that was freed), 66 MB so. A
    /// pass allocates on one thread at a time, so that nobody waits for the one arena.
    public static func keepSmall() {
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
        mallopt(M_TRIM_THRESHOLD, 128 << 10)
    }

    /// Keeps the memory of this process, which holds keys, out of what is written when it crashes: no core file of it
    /// and its children (`RLIMIT_CORE`), nothing for a program such as systemd-coredump (`PR_SET_DUMPABLE`, which also
    /// lets only root look into the process), and no report of Swift's runtime, which shows registers and the memory
    /// that they point to on standard error.
    public static func keepOutOfCrashReports() {
        wirebuddy_disable_core_dumps()
        for number in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { signal(number, SIG_DFL) }
    }
}
