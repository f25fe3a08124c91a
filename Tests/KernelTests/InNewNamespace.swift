import Glibc
import Netlink
import Testing

/// Runs a test of the real kernel in a network namespace of its own, which vanishes with the test.
///
/// Everything in it is synchronous, so it stays on one thread; programs started by `shell` are in the namespace too.
func inNewNamespace(_ body: () throws -> Void) throws { try NetworkNamespace.runInNew(body) }

/// Runs a command line and expects it to succeed.
func shell(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(unsafe system(command) == 0, "\(command)", sourceLocation: sourceLocation)
}

/// Skips tests of the real kernel without root, and says so on standard error as well as in the report.
extension Trait where Self == ConditionTrait {
    static var needsRoot: Self {
        .enabled(if: isRoot, "SKIPPED: tests of the real kernel need root (CAP_SYS_ADMIN and CAP_NET_ADMIN)")
    }
}

extension Trait where Self == ConditionTrait {
    static var needsWireGuardModule: Self {
        .enabled(if: hasWireGuard, "SKIPPED: this kernel has no WireGuard module; Tests/KernelVM runs these")
    }
}

private let hasWireGuard: Bool = {
    if isRoot, (try? WireGuardSocket().checkSupport()) != nil { return true }
    let text = "SKIPPED: KernelTests of the WireGuard module, this kernel has none\n"
    _ = unsafe write(STDERR_FILENO, text, text.utf8.count)
    return false
}()

private let isRoot: Bool = {
    if geteuid() == 0 { return true }
    let text = "SKIPPED: KernelTests of the real kernel need root\n"
    _ = unsafe write(STDERR_FILENO, text, text.utf8.count)
    return false
}()
