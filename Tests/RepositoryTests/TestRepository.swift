import Foundation
import Model
import Repository

/// A directory of one test with files and, if wanted, a real git repository; removed when the test ends.
final class TestRepository: Sendable {
    let root: String
    /// The directory that is read.
    let path: String
    static let now = Timestamp(seconds: 1_800_000_000)

    init(git: Bool) throws {
        // In memory where possible: the tests make tens of thousands of files.
        let memory = URL(fileURLWithPath: "/dev/shm")
        let isThere = FileManager.default.isWritableFile(atPath: memory.path)
        let folder = isThere ? memory : FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        root = folder.appendingPathComponent("wirebuddy-\(UUID().uuidString)").path
        path = "\(root)/configuration"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if git { try self.git("init", "-q", "-b", "main") }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Variables that keep the user's own settings out: `HOME` is the test's directory. A stray `GIT_DIR` must not
    /// matter.
    var environment: [String: String] {
        var variables = ProcessInfo.processInfo.environment
        variables["HOME"] = root
        variables["XDG_CONFIG_HOME"] = root
        variables["GIT_DIR"] = "/nonexistent"
        variables["GIT_WORK_TREE"] = "/nonexistent"
        return variables
    }

    func repository(_ directory: String? = nil, branch: String = "main") -> ConfigurationRepository {
        ConfigurationRepository(
            directory: directory ?? path, branch: branch, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: environment))
    }

    func write(_ name: String, _ text: String) throws {
        let file = "\(path)/\(name)"
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    /// A gateway with these peers, one file each.
    func writeGateway(peers: Range<Int> = 0..<2) throws {
        try write("interfaces/wg0.yaml", Sample.interface)
        for number in peers { try write("peers/wg0/\(Sample.peerName(number)).yaml", Sample.peer(number)) }
    }

    @discardableResult
    func git(_ arguments: String..., in directory: String? = nil) throws -> String {
        try run(
            "git", ["-C", directory ?? path, "-c", "user.name=Test", "-c", "user.email=test@example.com"] + arguments)
    }

    /// Commits everything and returns the commit.
    @discardableResult
    func commit(_ message: String = "change") throws -> String {
        try git("add", "-A")
        try git("commit", "-q", "--allow-empty", "-m", message)
        return try git("rev-parse", "HEAD")
    }

    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        var variables = environment
        variables["GIT_DIR"] = nil
        variables["GIT_WORK_TREE"] = nil
        process.environment = variables
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(command: "\(program) \(arguments)") }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    struct Failure: Error {
        let command: String
    }
}

/// A digest for tests that knows every byte (FNV-1a, stretched): `Credentials` has the real one.
struct ChecksumDigest: Model.Digest {
    func digest(_ bytes: [UInt8]) -> DigestValue {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let eight = (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
        return DigestValue(bytes: eight + eight + eight + eight)
    }
}
