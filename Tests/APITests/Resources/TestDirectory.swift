import Foundation

/// A directory of one test with a real git repository in it; removed when the test ends.
final class TestDirectory: Sendable {
    /// The directory.
    let root: String

    init() throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let base = FileManager.default.fileExists(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
        root = base.appendingPathComponent("wirebuddy-api-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(root)/gateway", withIntermediateDirectories: true)
        try git("init", "-q", "-b", "main")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// The repository.
    var repository: String { "\(root)/gateway" }

    func write(_ path: String, _ text: String) throws {
        let file = URL(fileURLWithPath: "\(repository)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func commit(_ message: String = "change by hand") throws {
        try git("add", "-A")
        try git("commit", "-q", "-m", message)
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "git", "-C", repository, "-c", "user.name=Tester", "-c", "user.email=tester@localhost",
                "-c", "commit.gpgsign=false",
            ] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    struct Failure: Error {
        let arguments: [String]
    }
}
