import Foundation
import Manifest
import Model
import Reconciler
import Testing

@testable import Repository

@Suite("History")
struct HistoryTests {
    let tree: TestRepository
    let repository: ConfigurationRepository
    private static let peer = "peers/wg0/peer-0.yaml"

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        repository = tree.repository()
    }

    private func subjects(ofPeer name: String, limit: Int = 20) async throws -> [String] {
        try await repository.history(ofPeer: name, limit: limit, now: TestRepository.now).map(\.subject)
    }

    private func rollback(_ revision: String) async throws -> Rollback {
        try await repository.rollback(to: revision, now: TestRepository.now)
    }

    private func failure(of revision: String) async -> RollbackFailure? {
        do throws(RollbackFailure) {
            _ = try await repository.rollback(to: revision, now: TestRepository.now)
            return nil
        } catch {
            return error
        }
    }

    /// What a rollback would change on the present head.
    private func changes(_ rollback: Rollback) async throws -> [String: String?] {
        let change = try rollback.change(on: try await repository.tree(now: TestRepository.now).tree)
        return Dictionary(
            uniqueKeysWithValues: (change?.files ?? []).map {
                ($0.path, $0.content.map { String(decoding: $0, as: UTF8.self) })
            })
    }

    @Test func whoDidWhatAndByWhichWay() async throws {
        let first = try tree.commit("begin")
        try tree.write(Self.peer, Sample.peer(0, description: "new"))
        try tree.git("add", "-A")
        try tree.git(
            "commit", "-q", "--author=Ælfred ünïcode <a@b.c>", "-m",
            "Describe peer 0\n\nbody\n\nRequest-Id: 1\nVia: cli\nRollback-To: \(first)")
        let entries = try await repository.history(limit: 10)
        #expect(entries.map(\.subject) == ["Describe peer 0", "begin"])
        #expect(entries[0].author == "Ælfred ünïcode" && entries[0].email == "a@b.c" && entries[0].via == "cli")
        #expect(entries[0].rollbackTo == first && entries[1].rollbackTo == nil && entries[1].via == nil)
        #expect(entries[1].revision == first && entries[1].at.seconds > 1_700_000_000)
        #expect(try await repository.history(limit: 1).count == 1)
        let plain = try TestRepository(git: false)
        await #expect(throws: HistoryFailure.noRepository(plain.path)) {
            try await plain.repository().history(limit: 1)
        }
        #expect(HistoryFailure.noRepository("/x").description == "/x is not a git repository: run `wirebuddy init`")
    }

    @Test func aPeerKeepsItsHistoryUnderOtherNamesFilesAndKeys() async throws {
        try tree.commit("begin")
        try tree.write("peers/wg0/peer-1.yaml", Sample.peer(1, description: "another"))
        try tree.commit("describe another")
        try tree.write(Self.peer, Sample.peer(0, description: "mine"))
        try tree.commit("describe")
        try tree.write(Self.peer, Sample.peer(0, description: "mine").replacing("name: peer-0", with: "name: Büro ☎"))
        try tree.commit("rename")
        try tree.git("mv", Self.peer, "elsewhere.yml")
        try tree.commit("move the file")
        try tree.write(
            "elsewhere.yml",
            "# a comment\n" + (try String(contentsOfFile: "\(tree.path)/elsewhere.yml", encoding: .utf8)))
        try tree.commit("comment")
        let text = try String(contentsOfFile: "\(tree.path)/elsewhere.yml", encoding: .utf8)
        let key = PublicKey(words: (4711, 7, 7, 0x4200))
        let old = PublicKey(words: (1, 7, 7, 0x4200))
        try tree.write("elsewhere.yml", text.replacing("\(old)", with: "\(key)"))
        try tree.commit("rotate")
        // Into one file with others.
        try tree.remove("elsewhere.yml")
        let together = text.replacing("\(old)", with: "\(key)").replacing("mine", with: "together")
        try tree.write("all.yaml", "---\n" + Sample.peer(5) + "---\n" + together)
        try tree.commit("merge files")
        let all = ["merge files", "rotate", "rename", "describe", "begin"]
        #expect(try await subjects(ofPeer: "Büro ☎") == all)
        #expect(try await subjects(ofPeer: "wg0/Büro ☎", limit: 2) == Array(all.prefix(2)))
        try tree.write("all.yaml", Sample.peer(5))
        try tree.commit("remove")
        #expect(try await subjects(ofPeer: "Büro ☎") == ["remove"] + all)
        await #expect(throws: HistoryFailure.self) { try await subjects(ofPeer: "nobody") }
    }

    @Test func aNameOnTwoInterfacesHasToBeChosen() async throws {
        try tree.write(
            "interfaces/wg1.yaml", "kind: Interface\nname: wg1\naddress: [10.9.0.1/16]\nlisten_port: 51821\n")
        try tree.write(
            "peers/wg1.yaml",
            Sample.peer(7).replacing("wg0", with: "wg1").replacing("10.8.", with: "10.9.").replacing(
                "peer-7", with: "peer-0"))
        try tree.commit("begin")
        await #expect(
            throws: HistoryFailure.unknownPeer(
                "several interfaces have a peer peer-0: name one of wg0/peer-0, wg1/peer-0")
        ) { try await subjects(ofPeer: "peer-0") }
        #expect(try await subjects(ofPeer: "wg1/peer-0") == ["begin"])
    }

    // Rollback

    @Test func allVisibleFilesComeBack() async throws {
        try tree.write("lists/ads.txt", "one\n")
        try tree.write(".gitignore", "*.bak\n")
        let first = try tree.commit("begin")
        try tree.write("lists/ads.txt", "two\n")
        try tree.write("lists/more.txt", "more\n")
        try tree.write(".gitignore", "")
        try tree.write(Self.peer, Sample.peer(0, description: "changed"))
        try tree.write("peers/wg0/peer-9.yaml", Sample.peer(9))
        try tree.remove("peers/wg0/peer-1.yaml")
        try tree.commit("much")
        let rollback = try await rollback(String(first.prefix(10)))
        #expect(rollback.target.revision == first && rollback.target.subject == "begin")
        #expect(rollback.trailer == CommitTrailer("Rollback-To", first))
        // A peer that a file edited by hand left out is no revoked one.
        #expect(rollback.restored == [])
        let expected: [String: String?] = [
            "lists/ads.txt": "one\n", "lists/more.txt": nil, Self.peer: Sample.peer(0),
            "peers/wg0/peer-9.yaml": nil, "peers/wg0/peer-1.yaml": Sample.peer(1),
        ]
        #expect(try await changes(rollback) == expected)
        let head = try await self.rollback("main")
        #expect(try await changes(head).isEmpty)
        // Written, it is as it was.
        let receipt = try await repository.write(
            WriteRequest(
                author: CommitAuthor(name: "a", email: "b"), trailers: [rollback.trailer], now: TestRepository.now
            ) { try rollback.change(on: $0) })
        #expect(try tree.git("diff", "--name-only", first, "main") == ".gitignore")
        let entry = try #require(try await repository.history(limit: 1).first)
        #expect(entry.revision == receipt.revision && entry.rollbackTo == first)
        #expect(entry.subject == "Roll back to \(first.prefix(12)): begin")
        await repository.close()
    }

    @Test func whoWasRevokedIsNamed() async throws {
        for number in 2..<7 { try tree.write("peers/wg0/peer-\(number).yaml", Sample.peer(number)) }
        try tree.write("peers/wg0/peer-8.yaml", Sample.peer(8) + "enabled: false\n")
        let first = try tree.commit("begin")
        try tree.write(Self.peer, Sample.peer(0) + "enabled: false\n")
        try tree.write("peers/wg0/peer-1.yaml", Sample.peer(1) + "expires_at: 2020-01-01T00:00:00Z\n")
        try tree.write("peers/wg0/peer-2.yaml", Sample.peer(2) + "expires_at: 2090-01-01T00:00:00Z\n")
        try tree.remove("peers/wg0/peer-8.yaml")
        try tree.commit("by hand")
        try tree.remove("peers/wg0/peer-3.yaml")
        try tree.commit("Remove peer\n\nVia: cli")
        try tree.remove("peers/wg0/peer-4.yaml")
        try tree.commit("removed by hand")
        let key = PublicKey(words: (99, 7, 7, 0x4200))
        try tree.write(
            "peers/wg0/peer-5.yaml", Sample.peer(5).replacing("\(PublicKey(words: (6, 7, 7, 0x4200)))", with: "\(key)"))
        try tree.commit("Rotate the keys\n\nVia: api")
        try tree.git("mv", "peers/wg0/peer-6.yaml", "peers/six.yaml")
        try tree.commit("Move a file\n\nVia: cli")
        let restored = try await rollback(first).restored
        #expect(
            restored.map { "\($0.interface)/\($0.name) \($0.reason)" } == [
                "wg0/peer-0 is disabled", "wg0/peer-1 has expired", "wg0/peer-3 was removed by name",
                "wg0/peer-5 was removed by name",
            ])
        #expect(Set(restored.map(\.canonicalForm.bytes)).count == 4)
    }

    @Test func whatCanNotBeRestoredIsRefused() async throws {
        try tree.write("broken.yaml", "kind: Peer\nnam: x\n")
        let broken = try tree.commit("broken")
        try tree.remove("broken.yaml")
        try tree.commit("repaired")
        let invalid = "\(String(describing: await failure(of: broken)))"
        #expect(invalid.contains(broken) && invalid.contains("broken.yaml:2:1: error"))
        for name in ["nothing", "--all", "", "0000000000000000000000000000000000000001", "main:broken.yaml"] {
            await #expect(throws: RollbackFailure.self, "\(name)") { try await rollback(name) }
        }
        // A revision of another branch.
        try tree.git("checkout", "-q", "-b", "other")
        try tree.write(Self.peer, Sample.peer(0, description: "other"))
        let other = try tree.commit("other")
        try tree.git("checkout", "-q", "main")
        #expect("\(String(describing: await failure(of: other)))".contains("is not in the history of branch main"))
    }
}
