import Foundation
import Testing

/// Runs each test of a suite in a process with network, mount and pid namespaces of its own and an empty `/run`, so that
/// it may make and remove devices. Everything is gone when the process is.
struct NamespaceTrait: SuiteTrait, TestTrait, TestScoping {
    private static let mark = "WIREBUDDY_TEST_NAMESPACE"

    var isRecursive: Bool { true }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { testCase == nil && !test.isSuite ? self : nil }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        if ProcessInfo.processInfo.environment[Self.mark] != nil { return try await function() }
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let name = "\(test.id)".split(separator: "/").prefix(2).joined(separator: "/")
        let filter = "^" + NSRegularExpression.escapedPattern(for: name)
        let output = FileManager.default.temporaryDirectory.appending(path: "namespace-\(UUID().uuidString)")
        let isDone = shell(
            "\(Self.mark)=1 exec unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '"
                + "mount -t tmpfs tmpfs /run && ip link set lo up && "
                + "exec \"$0\" --testing-library swift-testing --filter \"$1\"' "
                + "'\(executable)' '\(filter)' >'\(output.path)' 2>&1 </dev/null")
        let text = try String(contentsOf: output, encoding: .utf8)
        try FileManager.default.removeItem(at: output)
        if !isDone || !text.contains("1 test ") { Issue.record("in its namespace:\n\(text)") }
    }
}

extension Trait where Self == NamespaceTrait {
    /// A namespace for each test.
    static var inNamespace: Self { NamespaceTrait() }
}

/// Runs a command line; whether it ended well. It waits on the thread.
func shell(_ command: String) -> Bool { unsafe system(command) == 0 }

/// Whether namespaces may be made.
let mayMakeNamespaces = geteuid() == 0
