import Foundation
import Testing

/// Runs each test of a suite in a process with network, mount and pid namespaces of its own and an empty `/run`: UAPI
/// sockets ignore network namespaces, and `nft` runs in that of the process. Everything is gone when the process is, also
/// the programs that outlive it.
struct NamespaceTrait: SuiteTrait, TestTrait, TestScoping {
    static let mark = "WIREBUDDY_TEST_NAMESPACE"

    var isRecursive: Bool { true }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
        // Once for the function with all its arguments, not for each of them.
        testCase == nil && !test.isSuite ? self : nil
    }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        if ProcessInfo.processInfo.environment[Self.mark] != nil {
            try await function()
            return
        }
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = "\(test.id)".split(separator: "/")
        let name = path.count > 2 ? path[..<2].joined(separator: "/") : "\(test.id)"
        let filter = "^" + NSRegularExpression.escapedPattern(for: name)
        let setup = #"mount -t tmpfs tmpfs /run && ip link set lo up && exec "$0" "$@""#
        let result = shell(
            [
                "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", setup,
                executable, "--testing-library", "swift-testing",
                "--filter", filter,
            ], environment: [Self.mark: "1"])
        guard result.status == 0, result.output.contains("1 test ") || result.output.contains("test cases passed")
        else {
            Issue.record("in its namespace:\n\(result.output)")
            return
        }
    }
}

extension Trait where Self == NamespaceTrait {
    /// A namespace for each test.
    static var inNamespace: Self { NamespaceTrait() }
}

/// Whether the tests of the suites above may run.
let mayMakeNamespaces = geteuid() == 0
