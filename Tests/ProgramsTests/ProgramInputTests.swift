import Glibc
import Subprocess
import Testing

@testable import Programs

/// Input of programs that read all of it, a part, or nothing.
@Suite struct ProgramInputTests {
    /// More than a pipe holds: somebody has to read, or the writing waits.
    private let much = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)

    init() {
        // As the program itself does when it starts.
        signal(SIGPIPE, SIG_IGN)
    }

    private func shell(
        _ script: String, _ input: [UInt8]
    ) async throws -> (status: TerminationStatus, output: String) {
        let result = try await Subprocess.run(
            .name("sh"), arguments: ["-c", script], input: ProgramInput(input), output: .bytes(limit: 4 << 20))
        return (result.terminationStatus, String(decoding: result.standardOutput, as: UTF8.self))
    }

    @Test(arguments: [0, 1, 65_536, 1 << 20])
    func allIsReadToItsEnd(_ count: Int) async throws {
        let (status, output) = try await shell("wc -c", Array(much.prefix(count)))
        #expect(status.isSuccess && output == "\(count)\n")
    }

    /// A program may print before it reads.
    @Test func outputComesBesideInput() async throws {
        let (status, output) = try await shell("head -c 1048576 /dev/zero | tr '\\0' y; wc -c", much)
        #expect(status.isSuccess && output.hasSuffix("y1048576\n"))
    }

    /// It is judged by how it ended, each time: who is faster, its end or our writing, is chance.
    @Test(arguments: ["exit 0", "exit 7", "head -c 1 >/dev/null; exit 3", "exec <&-; sleep 0.1; exit 4"])
    func whatIsLeftUnreadDoesNotMatter(_ script: String) async throws {
        for _ in 0..<20 {
            let (status, _) = try await shell(script, much)
            #expect(status == .exited(script.last?.wholeNumberValue.map { Int32($0) } ?? -1))
        }
    }

    /// One that leaves somebody behind who holds the pipe, and never reads.
    @Test(.timeLimit(.minutes(1)))
    func whoIsLeftBehindIsNotWaitedFor() async throws {
        let (status, output) = try await shell("exec 3<&0; sleep 30 >/dev/null 2>&1 & echo $!", much)
        #expect(status.isSuccess)
        let sleeper = try #require(Int32(output.dropLast()))
        #expect(kill(sleeper, SIGKILL) == 0)
    }
}
