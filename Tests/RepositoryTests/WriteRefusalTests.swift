import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

/// What is refused, and that nothing happens then.
@Suite struct WriteRefusalTests {
    let tree: TestRepository
    let repository: ConfigurationRepository

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
        repository = tree.repository()
    }

    private func failure(_ request: WriteRequest, _ other: ConfigurationRepository? = nil) async throws -> String {
        let head = try tree.git("rev-parse", "main")
        do {
            _ = try await (other ?? repository).write(request)
            return "written"
        } catch {
            #expect(try tree.git("rev-parse", "main") == head)
            return "\(error)"
        }
    }

    @Test(arguments: [
        "../outside.yaml", "/etc/passwd.yaml", "peers/../../x.yaml", ".git/hooks/x.yaml", "peers/.hidden.yaml", "",
        "peers//x.yaml", ".", "a\nb.yaml", "peers/wg0/",
    ])
    func pathsThatLeadOutside(path: String) async throws {
        #expect(try await failure(.changing(path, Sample.peer(3))).contains("can't be written: it "))
    }

    @Test func aFolderInPlaceOfAFileAndTheOtherWayRound() async throws {
        try tree.write("README", "text")
        try tree.commit()
        #expect(try await failure(.changing("peers", "x")).contains("peers is a folder"))
        #expect(try await failure(.changing("README/x.yaml", Sample.peer(3))).contains("README is a file"))
        #expect(
            try await failure(.changing("peers/wg0/peer-0.yaml/x.yaml", Sample.peer(3))).contains("can't be written"))
    }

    @Test func linksAndSubmodulesAreNoTargets() async throws {
        try tree.link("link.yaml", to: "interfaces/wg0.yaml")
        try tree.commit()
        var request = WriteRequest.changing("link.yaml", Sample.peer(3))
        // On a head with a link nothing is written at all, as it isn't valid …
        #expect(try await failure(request).contains("link.yaml:1:1: error[symbolic-link]"))
        // … and a repair can't write through it either.
        request.mayRepair = true
        #expect(try await failure(request).contains("link.yaml is a symbolic link"))
    }

    /// A link that a person puts in the place of a folder doesn't lead the write out of the worktree.
    @Test func aFolderReplacedByALinkIsNotFollowed() async throws {
        let outside = "\(tree.root)/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try tree.remove("peers")
        try tree.link("peers", to: outside)
        #expect(try await failure(.adding(2)).hasPrefix("peers/wg0/peer-2.yaml: uncommitted edits stand there"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
    }

    @Test func aReadOnlyRepository() async throws {
        let repository = ConfigurationRepository(
            directory: tree.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(), mode: .readOnly,
            git: Git(environment: tree.environment))
        #expect(try await failure(.adding(2), repository).contains("mode: readonly in the host file"))
    }

    @Test func whatMakesTheTreeInvalid() async throws {
        #expect(try await failure(.broken("peers/wg0/peer-5.yaml")).contains("peers/wg0/peer-5.yaml:"))
        // Valid by itself, and a duplicate in the whole.
        #expect(try await failure(.changing("copy.yaml", Sample.peer(0))).contains("copy.yaml"))
        #expect(try await failure(.changing("interfaces/wg0.yaml", nil)).contains("peers/wg0/peer-0.yaml:"))
    }

    @Test func anInvalidHeadIsNamedAndCanBeRepaired() async throws {
        try tree.write("peers/wg0/peer-0.yaml", "kind: Peer\nname: peer-0\nip: nonsense\n")
        try tree.commit()
        let text = try await failure(.adding(2))
        #expect(text.contains("is not valid") && text.contains("peers/wg0/peer-0.yaml:") && !text.contains("\n"))
        var repair = WriteRequest.describing(0, "well again")
        repair.mayRepair = true
        _ = try await repository.write(repair)
        _ = try await repository.write(.adding(2))
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 3)
    }

    @Test func aCheckSeesTheCandidateOnceAndRefusesOne() async throws {
        let seen = Calls()
        var requests = (2..<8).map(WriteRequest.adding)
        for index in requests.indices {
            requests[index].check = { candidate in
                await seen.add(candidate.catalog.peers.count)
                if candidate.catalog.peers.contains(where: { $0.name == "peer-5" }) { throw Rail() }
            }
        }
        let results = await withTaskGroup(of: (Int, String).self) { group in
            for (number, request) in requests.enumerated() {
                group.addTask { [repository] in
                    do {
                        _ = try await repository.write(request)
                        return (number + 2, "written")
                    } catch {
                        return (number + 2, "\(error)")
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(results[5] == "Rail()" && results.values.count { $0 == "written" } == 5)
        #expect(try await repository.read(now: TestRepository.now).catalog.peers.count == 7)
        #expect(try tree.git("rev-list", "--count", "main") == "6")
    }

    private struct Rail: Error {}

    private actor Calls {
        var counts: [Int] = []
        func add(_ count: Int) { counts.append(count) }
    }
}
