import Credentials
import DNSForwarder
import DNSPolicy
import Foundation
import ListServer
import Model
import Synchronization
import Testing

/// Lists that come, change and stay over a restart.
@Suite struct ListKeeperTests {
    @Test func aListComesStaysAndIsAskedForOnce() async throws {
        let test = try TestKeeper()
        try test.server.write("ads.txt", "ads.example\nno name\ntracker.example\n")
        let keeper = try test.open()
        await keeper.declare([test.list("ads", at: "files/ads.txt")])
        #expect(keeper.statuses.map(\.state) == [.missing])
        #expect(keeper.lists.isEmpty)

        let first = try #require(await keeper.update().first)
        #expect(first.state == .ready)
        #expect(first.rules == 2)
        #expect(first.skipped == ["bad-name": 1])
        #expect(first.updatedAt == test.clock.now())
        #expect(first.error == nil)
        #expect(try isBlocked("ads.example", by: keeper))
        #expect(try !isBlocked("www.ads.example", by: keeper))

        let before = try #require(keeper.lists.first).identity
        test.clock.advance(60)
        let second = try #require(await keeper.update().first)
        #expect(second.updatedAt == test.clock.now())
        // 304: the list is the very same.
        #expect(keeper.lists.map(\.identity) == [before])
        // Forced, the text is sent again.
        _ = await keeper.update(force: true)
        #expect(keeper.lists.map(\.identity) != [before])
    }

    @Test func aStartNeedsNoNetwork() async throws {
        let test = try TestKeeper()
        try test.server.write("ads.txt", "||ads.example^\n@@||good.example^\n/^track[0-9]+\\./\n##.ad\n")
        test.files.withLock { $0["own.txt"] = "own.example\n" }
        let lists = [test.list("ads", at: "files/ads.txt", .adblock), test.fileList("own", "own.txt")]
        let keeper = try test.open()
        await keeper.declare(lists)
        let statuses = await keeper.update()
        let updated = test.clock.now()

        test.clock.advance(3600)
        let again = try test.open { _, _ in throw TestKeeper.NoFile(path: "the network") }
        await again.declare(lists)
        #expect(again.key == keeper.key)
        #expect(again.lists.map(\.name) == ["ads", "own"])
        #expect(again.statuses.map(\.rules) == statuses.map(\.rules))
        #expect(again.statuses.map(\.skipped) == statuses.map(\.skipped))
        #expect(again.statuses.map(\.state) == [.ready, .ready])
        #expect(again.statuses.map(\.updatedAt) == [updated, updated])
        for name in ["www.ads.example", "track7.example", "own.example"] {
            #expect(try isBlocked(name, by: again), "\(name)")
        }
        #expect(try !isBlocked("good.example", by: again))
        let stale = await again.update(names: ["ads"])
        #expect(stale.map(\.state) == [.stale, .ready])
        #expect(stale[0].error == "the network is not in the repository")
    }

    @Test func whatIsOnDiskIsForRootOnly() async throws {
        let test = try TestKeeper()
        try test.server.write("ads.txt", "ads.example\n")
        let keeper = try test.open()
        await keeper.declare([test.list("ads", at: "files/ads.txt")])
        _ = await keeper.update()
        let files = FileManager.default
        #expect(try files.contentsOfDirectory(atPath: test.directory.path).sorted() == ["ads.json", "ads.list", "key"])
        for (path, mode) in [("", 0o700), ("/ads.json", 0o600), ("/ads.list", 0o600), ("/key", 0o600)] {
            let attributes = try files.attributesOfItem(atPath: test.directory.path + path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
    }

    @Test func declarationsComeGoAndChange() async throws {
        let test = try TestKeeper()
        try test.server.write("ads.txt", "ads.example\n")
        try test.server.write("more.txt", "more.example\n")
        let keeper = try test.open()
        let (ads, more) = (test.list("ads", at: "files/ads.txt"), test.list("more", at: "files/more.txt"))
        await keeper.declare([ads, more])
        _ = await keeper.update()
        #expect(keeper.lists.map(\.name) == ["ads", "more"])
        await keeper.declare([more, ads])
        #expect(keeper.lists.map(\.name) == ["more", "ads"])

        var off = ads
        off.enabled = false
        await keeper.declare([off, more])
        #expect(keeper.lists.map(\.name) == ["more"])
        #expect(keeper.statuses.map(\.state) == [.disabled, .ready])
        #expect(await keeper.update(names: ["ads"]).map(\.state) == [.disabled, .ready])
        await keeper.declare([ads, more])
        // From disk, at once.
        #expect(keeper.lists.map(\.name) == ["ads", "more"])

        await keeper.declare([ads])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: test.directory.path).sorted() == [
                "ads.json", "ads.list", "key",
            ])

        // Another format, another address: the old text stays until the new one is there.
        await keeper.declare([test.list("ads", at: "files/more.txt", .wildcardDomains)])
        #expect(keeper.statuses.map(\.state) == [.stale])
        #expect(try isBlocked("ads.example", by: keeper))
        #expect(await keeper.update().map(\.state) == [.ready])
        #expect(try !isBlocked("ads.example", by: keeper))
        #expect(try isBlocked("www.more.example", by: keeper))
    }

    @Test func runReadsWhatIsNewAndRefreshesWhatIsDue() async throws {
        let test = try TestKeeper()
        try test.server.write("ads.txt", "ads.example\n")
        test.files.withLock { $0["own.txt"] = "own.example\n" }
        let keeper = try test.open()
        let service = Task { try await keeper.run() }
        let changes = keeper.changes()
        var ads = test.list("ads", at: "files/ads.txt")
        ads.refresh = .seconds(3600)
        await keeper.declare([ads, test.fileList("own", "own.txt")])
        try await untilTrue { keeper.lists.count == 2 }
        for await _ in changes { break }
        let due = try #require(keeper.statuses[0].nextUpdate)
        #expect(due <= test.clock.now().advanced(bySeconds: 3600))
        #expect(due >= test.clock.now().advanced(bySeconds: 3240))
        #expect(keeper.statuses[1].nextUpdate == nil)
        #expect(test.fetches.withLock { $0 } == 1)

        // A file's new text comes with a revision.
        test.files.withLock { $0["own.txt"] = "other.example\n" }
        await keeper.declare([ads, test.fileList("own", "own.txt")])
        try await untilTrue { try isBlocked("other.example", by: keeper) }
        #expect(try !isBlocked("own.example", by: keeper))
        #expect(test.fetches.withLock { $0 } == 1)

        try test.server.write("ads.txt", "new.example\n")
        test.clock.advance(3600)
        await keeper.declare([ads, test.fileList("own", "own.txt")])
        try await untilTrue { try isBlocked("new.example", by: keeper) }
        service.cancel()
        try await service.value
    }

    @Test func equalUpdatesMerge() async throws {
        let test = try TestKeeper()
        try test.server.write("ads.txt", (0..<5000).map { "ads\($0).example\n" }.joined())
        let keeper = try test.open()
        await keeper.declare([test.list("ads", at: "files/ads.txt")])
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = await keeper.update() } }
        }
        #expect(test.fetches.withLock { $0 } < 5)
        #expect(keeper.statuses.map(\.rules) == [5000])
    }
}
