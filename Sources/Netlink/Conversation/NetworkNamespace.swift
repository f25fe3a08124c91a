internal import CLibMnl
internal import Glibc

/// Runs code in another network namespace (man 7 network_namespaces).
///
/// A namespace is entered per thread, so the body is synchronous: it must open its sockets there and not wait for
/// anything that runs on other threads. A socket keeps the namespace it was opened in. Needs `CAP_SYS_ADMIN`.
/// Besides what the body throws, `NetlinkError.system` when the namespace can't be opened or entered.
public enum NetworkNamespace {
    /// Runs `body` in the namespace behind a path, such as `/run/netns/lan` or `/proc/1234/ns/net`, and comes back.
    public static func run<Result>(
        inPath path: String, _ body: () throws -> Result
    ) throws -> Result {
        let descriptor = try open(path)
        defer { _ = close(descriptor) }
        return try run(inDescriptor: descriptor, body)
    }

    /// Runs `body` in the namespace behind an open file descriptor and comes back. The descriptor stays open.
    public static func run<Result>(
        inDescriptor descriptor: Int32, _ body: () throws -> Result
    ) throws -> Result {
        try visit(body) { setns(descriptor, wirebuddy_CLONE_NEWNET) }
    }

    /// Runs `body` in a new, empty namespace and comes back; it vanishes with its last socket or process.
    public static func runInNew<Result>(
        _ body: () throws -> Result
    ) throws -> Result {
        try visit(body) { unshare(wirebuddy_CLONE_NEWNET) }
    }

    private static func visit<Result>(
        _ body: () throws -> Result, enter: () -> Int32
    ) throws -> Result {
        let home = try open("/proc/thread-self/ns/net")
        defer { _ = close(home) }
        guard enter() == 0 else { throw NetlinkError.system(call: "enter network namespace", errno: Glibc.errno) }
        defer {
            // A thread that can't go home would configure the wrong network from then on.
            let isHome = setns(home, wirebuddy_CLONE_NEWNET) == 0
            precondition(isHome, "can't return to the thread's network namespace")
        }
        return try body()
    }

    private static func open(_ path: String) throws(NetlinkError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(call: "open network namespace \(path)", errno: Glibc.errno) }
        return descriptor
    }
}
