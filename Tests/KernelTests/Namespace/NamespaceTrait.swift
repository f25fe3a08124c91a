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

/// What a program did.
struct ShellResult {
    let status: Int32
    /// Standard output and error.
    let output: String
}

/// Runs a program to its end.
@discardableResult
func shell(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) -> ShellResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    let stdin = Pipe()
    process.standardInput = stdin
    do { try process.run() } catch { return ShellResult(status: -1, output: "\(arguments[0]): \(error)") }
    if let input { stdin.fileHandleForWriting.write(Data(input.utf8)) }
    try? stdin.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return ShellResult(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
}

/// Closes what a shell inherited: Foundation waits for the end of everything that has its descriptors, so a program that
/// goes to the background must not.
let closingDescriptors = #"for f in /proc/self/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done;"#

/// Runs a command line and expects it to work.
@discardableResult
func sh(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    let result = shell(["bash", "-c", line])
    #expect(result.status == 0, "\(line)\n\(result.output)", sourceLocation: sourceLocation)
    return result.output
}
