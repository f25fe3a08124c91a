import Programs
import Subprocess
import Testing

/// Programs that read from files in memory and write to them.
@Suite struct MemoryFileTests {
    private func shell(
        _ script: String, _ input: [UInt8] = [], limit: Int = 1 << 20
    ) async throws -> (status: TerminationStatus, output: MemoryFile, errors: MemoryFile) {
        let (given, output, errors) = (
            try MemoryFile(input), try MemoryFile(limit: limit), try MemoryFile(limit: 4096)
        )
        defer { withExtendedLifetime(given) {} }
        let result = try await Subprocess.run(
            .name("sh"), arguments: ["-c", script], input: given.input, output: output.output, error: errors.output)
        return (result.terminationStatus, output, errors)
    }

    @Test(arguments: ["cat", "cat /dev/stdin", "head -c 3; cat"])
    func whatIsHandedOverIsReadToItsEnd(_ script: String) async throws {
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
        let (status, output, errors) = try await shell(script, text)
        #expect(status.isSuccess)
        #expect(try output.written() == text)
        #expect(try errors.written().isEmpty)
    }

    @Test func severalProgramsWriteOneAfterTheOther() async throws {
        let (status, output, errors) = try await shell("echo one; (echo two; echo no >&2); sh -c 'echo three'; exit 5")
        #expect(!status.isSuccess)
        #expect(try output.written() == Array("one\ntwo\nthree\n".utf8))
        #expect(try errors.written() == Array("no\n".utf8))
    }

    @Test(arguments: [(4096, true), (4097, false), (1 << 30, false)])
    func noMoreThanTheLimitIsTaken(_ count: Int, _ isTaken: Bool) async throws {
        let (status, output, _) = try await shell("head -c \(count) /dev/zero", limit: 4096)
        if isTaken {
            #expect(try output.written().count == count)
        } else {
            #expect(throws: MemoryFileFailure.self) { try output.written() }
        }
        // What runs wild is stopped by the end of the file, not by the end of memory.
        #expect(status.isSuccess == (count < 1 << 20))
    }
}
