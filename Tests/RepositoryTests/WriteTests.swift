import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

/// Writes to a git repository with a worktree.
@Suite struct WriteTests {
    let tree: TestRepository
    let repository: ConfigurationRepository

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        repository = tree.repository()
    }

    @Test func aWriteIsACommitAndAFile() async throws {
        let before = try tree.git("rev-parse", "HEAD")
        let receipt = try await repository.write(.adding(2))
        #expect(receipt.revision == (try tree.git("rev-parse", "main")))
        #expect(!receipt.isUnchanged && receipt.remote == .none)
        #expect(try tree.git("rev-parse", "main^") == before)
        #expect(try tree.git("status", "--porcelain") == "")
        #expect(try tree.text("peers/wg0/peer-2.yaml") == Sample.peer(2))
        #expect(
            try tree.git("log", "-1", "--format=%an <%ae> %at|%cn <%ce> %ct|%B")
                == """
                Ann <ann@example.com> 1800000000|WireBuddy <wirebuddy@localhost> 1800000000|Add peer peer-2 to wg0

                Request-Id: r-2
                Via: test
                """)
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 3)
    }

    @Test func changesAndDeletions() async throws {
        _ = try await repository.write(.describing(0, "new"))
        _ = try await repository.write(.removing(1))
        #expect(try tree.git("status", "--porcelain") == "")
        #expect(try tree.text("peers/wg0/peer-0.yaml") == Sample.peer(0, description: "new"))
        #expect(!tree.exists("peers/wg0/peer-1.yaml"))
        #expect(try tree.git("ls-tree", "-r", "--name-only", "main") == "interfaces/wg0.yaml\npeers/wg0/peer-0.yaml")
        // The last file of a folder takes the folder along.
        _ = try await repository.write(.removing(0))
        #expect(!tree.exists("peers"))
        try tree.git("fsck", "--strict")
    }

    @Test func aWriteThatChangesNothingIsNoCommit() async throws {
        let before = try tree.git("rev-parse", "HEAD")
        let receipt = try await repository.write(.describing(0, ""))
        #expect(receipt.isUnchanged && receipt.revision == before)
        let none = try await repository.write(WriteRequest(author: .ann, now: TestRepository.now) { _ in nil })
        #expect(none.isUnchanged && none.revision == before)
        #expect(try tree.git("rev-parse", "HEAD") == before)
    }

    @Test func fiftyWritersLoseNothing() async throws {
        let results = await withTaskGroup(of: Result<WriteReceipt, any Error>.self) { group in
            for number in 2..<52 {
                group.addTask { [repository] in
                    do { return .success(try await repository.write(.adding(number))) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let revisions = try results.map { try $0.get().revision }
        #expect(Set(revisions).count == 50)
        #expect(try tree.git("rev-list", "--count", "main") == "51")
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 52)
        // Every commit adds exactly the peer it names.
        let log = try tree.git("log", "--format=%s", "--name-only", "-50").split(separator: "\n").map(String.init)
        #expect(log.count == 100)
        for index in stride(from: 0, to: log.count, by: 2) {
            let name = log[index].split(separator: " ")[2]
            #expect(log[index + 1] == "peers/wg0/\(name).yaml")
        }
        #expect(try tree.git("status", "--porcelain") == "")
        try tree.git("fsck", "--strict")
    }

    @Test func onlyTheOffenderOfABatchFails() async throws {
        let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
            for number in 2..<12 {
                group.addTask { [repository] in
                    let request: WriteRequest = number == 7 ? .broken("peers/wg0/peer-7.yaml") : .adding(number)
                    return (number, (try? await repository.write(request)) != nil)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes.filter { !$0.value }.keys.sorted() == [7])
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 11)
    }
}

extension CommitAuthor {
    static let ann = CommitAuthor(name: "Ann", email: "ann@example.com")
}

extension WriteRequest {
    /// Adds a peer; refused when there is one of its name.
    static func adding(_ number: Int) -> WriteRequest {
        let path = "peers/wg0/\(Sample.peerName(number)).yaml"
        let trailers = [CommitTrailer("Request-Id", "r-\(number)"), CommitTrailer("Via", "test")]
        return WriteRequest(author: .ann, trailers: trailers, now: TestRepository.now) { tree in
            guard try tree.bytes(of: path) == nil else { throw Refusal.exists }
            return TreeChange(
                subject: "Add peer \(Sample.peerName(number)) to wg0",
                files: [FileChange(path: path, content: Array(Sample.peer(number).utf8))])
        }
    }

    static func describing(_ number: Int, _ text: String) -> WriteRequest {
        changing("peers/wg0/\(Sample.peerName(number)).yaml", Sample.peer(number, description: text))
    }

    static func removing(_ number: Int) -> WriteRequest {
        changing("peers/wg0/\(Sample.peerName(number)).yaml", nil)
    }

    static func broken(_ path: String) -> WriteRequest { changing(path, "kind: Peer\nname: [\n") }

    static func changing(_ path: String, _ text: String?) -> WriteRequest {
        WriteRequest(author: .ann, now: TestRepository.now) { _ in
            TreeChange(subject: "Change \(path)", files: [FileChange(path: path, content: text.map { Array($0.utf8) })])
        }
    }

    enum Refusal: Error { case exists }
}

extension TestRepository {
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
}
