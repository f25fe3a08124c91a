import Database
import Foundation
import Model
import Reconciler
import Testing

/// A call that changes nothing doesn't touch the disk, and a process that reads sees what another one wrote.
@Suite struct QuietnessTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    private func writeEverything() async throws {
        try await database.recordIntent(Sample.interface("wg0"))
        try await database.recordOutcome(Sample.interface("wg0"))
        try await database.recordApplied(Sample.applied(50))
        try await database.recordApplied([ObjectID(.rule, "none"): nil])
        try await database.recordFirewall(FirewallStructure(policyDigest: "p", listingDigest: "l"))
        try await database.recordSysctl(.ipv4Forwarding, SysctlOwnership(prior: "0", written: "1"))
        try await database.recordSysctl(.ipv6Forwarding, nil)
        try await database.rememberEndpoints([Sample.peer(1): Sample.endpoint("192.0.2.1:51820")])
        try await database.recordExpired([Sample.peer(1): Sample.now])
        try await database.revoke(Revocation(publicKey: Sample.key(1), until: Sample.now, author: "alice"))
        try await database.unrevoke(Sample.key(2))
        try await database.approve("d", at: Sample.now)
        try await database.setSuspension(Suspension(reason: "r", until: Sample.now))
        try await database.recordRevision(RevisionRecord(id: "a", status: .applied, message: "", at: Sample.now))
        try await database.recordConditions([
            Condition(object: nil, kind: .ready, holds: true, message: "", since: Sample.now)
        ])
        try await database.appendEvents([])
        try await database.recordLastPass(Sample.now)
        try await database.forgetInterface("wg7")
    }

    @Test func theSameAgainTouchesNothing() async throws {
        try await writeEverything()
        let before = try directory.fingerprint(of: ".")
        #expect(before.map { $0.prefix { $0 != " " } } == ["wirebuddy.db", "wirebuddy.db-shm", "wirebuddy.db-wal"])
        try await Task.sleep(for: .milliseconds(20))
        for _ in 0..<3 {
            try await writeEverything()
            _ = try await database.snapshot()
        }
        #expect(try directory.fingerprint(of: ".") == before)
        // The comparison can fail: one row more is seen.
        try await database.approve("another", at: Sample.now)
        #expect(try directory.fingerprint(of: ".") != before)
    }

    /// Sizes, inodes and times of writing; root's SQLite sets the owner of its files again, which changes other times.
    @Test func openingAgainWritesNothing() async throws {
        try await writeEverything()
        let content = {
            try directory.fingerprint(of: ".").map { $0.split(separator: " ").dropLast() }.filter {
                $0.first != "wirebuddy.db-shm"
            }
        }
        let before = try content()
        let other = try GatewayDatabase.open(state: directory.path)
        #expect(try await other.snapshot().applied.count == 50)
        #expect(try content() == before)
    }

    @Test func anotherProcessIsSeen() async throws {
        let other = try GatewayDatabase.open(state: directory.path)
        #expect(try await database.snapshot().approvals == [])
        for round in 0..<20 {
            try await other.approve("other \(round)", at: Sample.now)
            #expect(try await database.snapshot().approvals.contains("other \(round)"))
            try await database.approve("own \(round)", at: Sample.now)
            #expect(try await other.snapshot().approvals.contains("own \(round)"))
        }
        #expect(try await database.snapshot().approvals.count == 40)
    }

    /// A write of ours right after one of another process must not hide the other's from the cache.
    @Test func twoWritersDoNotHideEachOther() async throws {
        let other = try GatewayDatabase.open(state: directory.path)
        let (one, two) = (database, other)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, writer) in [("one", one), ("two", two)] {
                group.addTask {
                    for round in 0..<50 {
                        try await writer.recordApplied([ObjectID(.peer, "\(name)/\(round)"): "x"])
                        _ = try await writer.snapshot()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await one.snapshot().applied.count == 100)
        #expect(try await two.snapshot().applied.count == 100)
    }

    /// A daemon that stops still flushes.
    @Test func cancellationDoesNotLoseAWrite() async throws {
        let database = database
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try await database.recordLastPass(Sample.now)
        }
        try await task.value
        #expect(try await GatewayDatabase.open(state: directory.path).snapshot().lastPass == Sample.now)
    }
}
