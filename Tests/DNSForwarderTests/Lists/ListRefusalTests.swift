import Credentials
import DNSForwarder
import DNSPolicy
import Fetch
import Foundation
import ListServer
import Model
import Synchronization
import Testing

/// Texts that are not taken: the last good one stays, and the status says why.
@Suite struct ListRefusalTests {
    private static let good = (0..<100).map { "name\($0).example\n" }.joined()

    /// A keeper with a good list in force, which is then to be fetched from elsewhere.
    private func kept(
        _ test: TestKeeper, limits: ListCompiler.Limits = ListCompiler.Limits()
    ) async throws -> ListKeeper {
        try test.server.write("list.txt", Self.good)
        let keeper = try test.open(limits: limits) { $0.idle = .seconds(1) }
        await keeper.declare([test.list("ads", at: "files/list.txt")])
        #expect(await keeper.update().map(\.state) == [.ready])
        return keeper
    }

    private func expectKept(_ keeper: ListKeeper, _ status: BlocklistStatus?, _ error: String) throws {
        let status = try #require(status)
        #expect(status.state == .stale)
        #expect(status.rules == 100)
        #expect(status.error?.contains(error) == true, "\(status.error ?? "none")")
        #expect(try isBlocked("name99.example", by: keeper))
    }

    @Test(arguments: [
        ("status/500", "answered with status 500"), ("files/absent.txt", "answered with status 404"),
        ("stall", "sent nothing for 1 s"), ("short", "closed before the end"), ("large", "more than 1000000 bytes"),
        ("endless", "more than 1000000 bytes"), ("bomb", "127.0.0.2"), ("files/page.html", "web page"),
        ("files/page.txt", "web page"), ("files/empty.txt", "no rule is in the list"),
        ("to?https://169.254.169.254/", "its address 169.254.169.254 is link-local"),
    ])
    func whatGoesWrong(path: String, error: String) async throws {
        let test = try TestKeeper()
        var limits = ListCompiler.Limits()
        limits.bytes = 1_000_000
        let keeper = try await kept(test, limits: limits)
        try test.server.write("page.html", "name.example\n")
        try test.server.write("page.txt", "<!DOCTYPE html><html></html>\n")
        try test.server.write("empty.txt", "# nothing\n")
        await keeper.declare([test.list("ads", at: path)])
        try expectKept(keeper, await keeper.update().first, error)
        // A restart finds the good one, not what was refused.
        let again = try test.open()
        await again.declare([test.list("ads", at: path)])
        #expect(try isBlocked("name99.example", by: again))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: test.directory.path).sorted() == [
                "ads.json", "ads.list", "key",
            ])
    }

    @Test func aListThatShrinksIsKeptUntilAPersonInsists() async throws {
        let test = try TestKeeper()
        let keeper = try await kept(test)
        try test.server.write("list.txt", (0..<49).map { "name\($0).example\n" }.joined())
        try expectKept(keeper, await keeper.update().first, "49 rules where the one in force has 100")
        try test.server.write("list.txt", (0..<50).map { "name\($0).example\n" }.joined())
        #expect(await keeper.update().first?.rules == 50)
        try test.server.write("list.txt", "name1.example\n")
        #expect(await keeper.update().first?.state == .stale)
        #expect(await keeper.update(force: true).first?.rules == 1)
        #expect(keeper.statuses.first?.state == .ready)
    }

    @Test func aChangedDeclarationMayShrink() async throws {
        let test = try TestKeeper()
        let keeper = try await kept(test)
        try test.server.write("other.txt", "name1.example\n")
        await keeper.declare([test.list("ads", at: "files/other.txt")])
        #expect(await keeper.update().first?.rules == 1)
    }

    @Test func aFileThatIsGoneOrShrinks() async throws {
        let test = try TestKeeper()
        test.files.withLock { $0["own.txt"] = Self.good }
        let keeper = try test.open()
        await keeper.declare([test.fileList("own", "own.txt")])
        #expect(await keeper.update().first?.rules == 100)
        test.files.withLock { $0["own.txt"] = nil }
        let gone = await keeper.update().first
        try expectKept(keeper, gone, "own.txt is not in the repository")
        // What a commit says is meant.
        test.files.withLock { $0["own.txt"] = "name1.example\n" }
        #expect(await keeper.update().first?.rules == 1)
    }

    @Test func aPinHolds() async throws {
        let test = try TestKeeper()
        try test.server.write("list.txt", Self.good)
        let keeper = try test.open()
        var list = test.list("ads", at: "files/list.txt")
        list.sha256 = SHA256().digest(Array(Self.good.utf8))
        await keeper.declare([list])
        #expect(await keeper.update().map(\.state) == [.ready])
        try test.server.write("list.txt", Self.good + "more.example\n")
        try expectKept(keeper, await keeper.update().first, "sha256 is ")
        // Nor by force.
        try expectKept(keeper, await keeper.update(force: true).first, "but the text has ")

        let fresh = try TestKeeper()
        try fresh.server.write("list.txt", "other.example\n")
        let never = try fresh.open()
        var pinned = fresh.list("ads", at: "files/list.txt")
        pinned.sha256 = list.sha256
        await never.declare([pinned])
        #expect(await never.update().map(\.state) == [.missing])
    }

    /// The compiled file cut off at many places, changed in many, of another key: it is read again, and nothing traps.
    @Test func aDamagedFileIsReadAgain() async throws {
        let test = try TestKeeper()
        _ = try await kept(test)
        let file = test.directory.appending(path: "ads.list")
        let whole = try Data(contentsOf: file)
        var versions = [0, 1, 127, 128, whole.count / 2, whole.count - 1].map { whole.prefix($0) }
        for place in stride(from: 0, to: whole.count, by: 97) {
            var changed = whole
            changed[place] ^= 0x10
            versions.append(changed)
        }
        versions.append(whole + Data([0]))
        for version in versions {
            // Beside and renamed, as the keeper writes: a file in use must not change.
            try Data(version).write(to: file, options: .atomic)
            let again = try test.open()
            await again.declare([test.list("ads", at: "files/list.txt")])
            #expect(again.statuses.map(\.state) == [.missing])
        }
        let again = try test.open()
        await again.declare([test.list("ads", at: "files/list.txt")])
        // The record of the lost list must not make the server say that nothing changed.
        #expect(await again.update().map(\.state) == [.ready])
        #expect(try isBlocked("name99.example", by: again))

        try Data([1, 2, 3]).write(to: test.directory.appending(path: "key"), options: .atomic)
        let other = try test.open()
        await other.declare([test.list("ads", at: "files/list.txt")])
        #expect(other.key != again.key)
        #expect(other.lists.isEmpty)
        #expect(await other.update().map(\.state) == [.ready])
    }

    @Test func failuresAreRetriedLaterAndLater() async throws {
        let test = try TestKeeper()
        let keeper = try await kept(test)
        var list = test.list("ads", at: "status/500")
        list.refresh = .seconds(60)
        await keeper.declare([list])
        var waits: [Int64] = []
        for _ in 0..<6 {
            let status = try #require(await keeper.update().first)
            waits.append(try #require(status.nextUpdate).seconds - test.clock.now().seconds)
        }
        for (wait, least) in zip(waits, [10, 20, 40, 60, 60, 60]) {
            #expect(wait >= Int64(least) && wait <= Int64(least) * 5 / 4, "\(waits)")
        }
    }
}
