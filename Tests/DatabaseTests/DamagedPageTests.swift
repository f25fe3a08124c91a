import Database
import Foundation
import GRDB
import Model
import Reconciler
import Testing

/// Damage inside the file: an error that says so, or the same as before. Never less, and never the end of the process.
@Suite struct DamagedPageTests {
    let directory: TemporaryDirectory
    private let pageSize = 4096

    init() throws { directory = try TemporaryDirectory() }

    /// A database in which every table of the inventory takes pages of its own; its bytes, and what is in it.
    private func made() async throws -> (Data, String) {
        let database = try GatewayDatabase.open(state: directory.path)
        try await database.recordApplied(Sample.applied(200))
        for number in 0..<100 {
            try await database.revoke(
                Revocation(publicKey: Sample.key(number), until: Sample.now, author: "admin \(number)"))
            try await database.approve("digest \(number)", at: Sample.now)
        }
        let peers = (0..<100).map { (Sample.peer($0), KnownPeer(id: "id \($0)", addresses: [])) }
        try await database.recordPeers(Dictionary(uniqueKeysWithValues: peers), released: [:])
        try await database.recordOutcome(Sample.interface("wg0"))
        try await database.appendEvents((0..<100).map(Sample.event))
        try await database.project(settings: ["locale": "en"])
        let path = "\(directory.path)/wirebuddy.db"
        let other = try DatabaseQueue(path: path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try other.close()
        return (try Data(contentsOf: URL(fileURLWithPath: path)), try await text(database))
    }

    /// All that passes read, as text.
    private func text(_ database: GatewayDatabase) async throws -> String {
        let inventory = try await database.snapshot()
        return [
            "\(inventory.applied.sorted { $0.key < $1.key })", "\(inventory.revocations)",
            "\(inventory.approvals.sorted())",
            "\(inventory.peers.map { "\($0.key) \($0.value)" }.sorted())", "\(inventory.interfaces)",
            "\(try await database.projected())",
        ].joined(separator: "\n")
    }

    /// The file in a folder of its own: connections to the one before may still be closing, and remove what is beside it.
    private func put(_ data: Data) throws -> String {
        let folder = "\(directory.path)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: "\(folder)/wirebuddy.db"))
        return folder
    }

    @Test(arguments: [UInt8(0), 0xff, 0x0d])
    func aDamagedPageIsNamedAndNothingIsMissing(filler: UInt8) async throws {
        let (data, whole) = try await made()
        var named = 0
        for page in 0..<data.count / pageSize {
            var damaged = data
            let range = page * pageSize..<(page + 1) * pageSize
            damaged.replaceSubrange(range, with: repeatElement(filler, count: pageSize))
            let folder = try put(damaged)
            do {
                let read = try await text(GatewayDatabase.open(state: folder))
                #expect(read == whole, "page \(page + 1)")
            } catch {
                let message = "\(error)"
                let isNamed = message.contains("\(folder)/wirebuddy.db") && message.contains("is damaged")
                #expect(isNamed, "page \(page + 1): \(message)")
                #expect(!message.contains("\n") && !message.contains("digest 1"))
                named += 1
            }
        }
        #expect(named > 10)
    }

    /// Other bytes here and there: whatever is met, it is an error at most.
    @Test func noByteOfTheFileEndsTheProcess() async throws {
        let (data, _) = try await made()
        var choice = Choice(state: 11)
        var failures = 0
        for _ in 0..<150 {
            var damaged = data
            for _ in 0..<30 {
                damaged[Int.random(in: 100..<data.count, using: &choice)] = .random(in: 0...255, using: &choice)
            }
            let folder = try put(damaged)
            do {
                let database = try GatewayDatabase.open(state: folder)
                _ = try await text(database)
                _ = try await database.events(limit: 1000)
                _ = try await database.revisions(limit: 1000)
                _ = try await database.credentials()
                _ = try await database.driftHistory(DriftFilter(limit: 100))
                _ = try await database.pauses(now: Sample.now)
            } catch {
                #expect(error is DatabaseFailure, "\(error)")
                failures += 1
            }
        }
        #expect(failures > 10)
    }

    /// What nobody wrote this way, in each column that is read: told as damage, and by no value of the row.
    @Test func anAbsentValueIsDamage() async throws {
        let (data, _) = try await made()
        let columns = [
            ("applied", "digest"), ("revocation", "author"), ("peer", "id"), ("interface", "boot_id"),
            ("setting", "value"),
        ]
        for (table, column) in columns {
            let folder = try put(data)
            let other = try DatabaseQueue(path: "\(folder)/wirebuddy.db")
            try await other.writeWithoutTransaction { db in
                // As damage does it: past the constraint of the table.
                try db.execute(sql: "PRAGMA writable_schema = ON")
                try db.execute(
                    sql: "UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = ?",
                    arguments: [table])
                try db.execute(sql: "PRAGMA writable_schema = RESET")
                try db.execute(sql: "UPDATE \(table) SET \(column) = NULL")
            }
            try other.close()
            let database = try GatewayDatabase.open(state: folder)
            let failure = await #expect(throws: DatabaseFailure.self, "\(table)") { _ = try await text(database) }
            #expect(failure?.description.contains("is damaged") == true, "\(failure?.description ?? "")")
        }
    }
}
