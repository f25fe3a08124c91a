import Foundation
import Model
import Synchronization

@testable import Repository

/// A bare repository on disk that a test's repository follows, and a clone of somebody else.
struct TestRemote {
    let tree: TestRepository
    var bare: String { "\(tree.root)/remote.git" }
    var clone: String { "\(tree.root)/clone" }
    let clock = TestClock()

    /// A gateway whose first commit is at the remote too.
    init(peers: Range<Int> = 0..<2) throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway(peers: peers)
        try tree.commit("begin")
        try tree.run("git", ["init", "-q", "--bare", "-b", "main", bare])
        try tree.git("remote", "add", "origin", bare)
        try tree.git("push", "-q", "origin", "main")
        try tree.run("git", ["clone", "-q", bare, clone])
    }

    func repository(
        mayPush: Bool = true, signatures: SignatureCheck? = nil, environment: [String: String]? = nil
    ) -> ConfigurationRepository {
        ConfigurationRepository(
            directory: tree.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: environment ?? tree.environment),
            remote: RemoteOptions(name: "origin", poll: .seconds(5), mayPush: mayPush, clock: clock),
            signatures: signatures)
    }

    /// Commits a file in the other clone and pushes it.
    @discardableResult
    func pushElsewhere(_ name: String, _ text: String) throws -> String {
        try tree.git("pull", "-q", "--no-rebase", in: clone)
        let file = URL(fileURLWithPath: "\(clone)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        try tree.git("add", "-A", in: clone)
        try tree.git("commit", "-q", "-m", "elsewhere: \(name)", in: clone)
        try tree.git("push", "-q", in: clone)
        return try head(clone)
    }

    /// Commits a file here, as a person does.
    @discardableResult
    func commitHere(_ name: String, _ text: String) throws -> String {
        try tree.write(name, text)
        return try tree.commit("here: \(name)")
    }

    func head(_ directory: String) throws -> String { try tree.git("rev-parse", "main", in: directory) }
    var localHead: String { get throws { try head(tree.path) } }
    var remoteHead: String { get throws { try head(bare) } }

    func file(_ name: String) throws -> String { try String(contentsOfFile: "\(tree.path)/\(name)", encoding: .utf8) }

    /// The remote goes away, and comes back.
    func unplug() throws { try FileManager.default.moveItem(atPath: bare, toPath: "\(bare).gone") }
    func plug() throws { try FileManager.default.moveItem(atPath: "\(bare).gone", toPath: bare) }
}

/// A clock that stands until it is moved.
final class TestClock: WallClock {
    private let time = Mutex(TestRepository.now)

    func now() -> Timestamp { time.withLock { $0 } }
    func advance(_ seconds: Int64) { time.withLock { $0 = $0.advanced(bySeconds: seconds) } }
}
