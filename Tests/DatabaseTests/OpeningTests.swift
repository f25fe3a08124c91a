import Database
import Foundation
import Model
import Reconciler
import Testing

@Suite struct OpeningTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func failure(_ state: String) -> String {
        do {
            _ = try GatewayDatabase.open(state: state)
            return "no failure"
        } catch { return error.description }
    }

    @Test func filesArePrivate() async throws {
        let database = try GatewayDatabase.open(state: "\(directory.path)/var/lib/state")
        try await database.approve("d", at: Sample.now)
        #expect(try directory.mode(of: "var/lib/state") == 0o700)
        #expect(try directory.mode(of: "var") == 0o700)
        for suffix in ["", "-wal", "-shm"] {
            #expect(try directory.mode(of: "var/lib/state/wirebuddy.db\(suffix)") == 0o600)
        }
    }

    @Test func manyOpenAtOnce() async throws {
        let path = directory.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<12 {
                group.addTask {
                    let database = try GatewayDatabase.open(state: path)
                    try await database.approve("d\(number)", at: Sample.now)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await GatewayDatabase.open(state: path).snapshot().approvals.count == 12)
    }

    @Test func aNewerSchemaIsRefused() throws {
        _ = try GatewayDatabase.open(state: directory.path)
        try sqlite("INSERT INTO grdb_migrations VALUES ('999 future')")
        #expect(failure(directory.path).contains("was written by a newer version of wirebuddy"))
    }

    @Test func aDamagedFileIsNamed() throws {
        try Data("this is not a database, it is a text file".utf8).write(
            to: URL(fileURLWithPath: "\(directory.path)/wirebuddy.db"))
        let message = failure(directory.path)
        #expect(message.contains("\(directory.path)/wirebuddy.db is damaged") && !message.contains("\n"))
    }

    /// Another process in a long write: waited for, then told.
    @Test func aLockedFileIsNamed() async throws {
        let database = try GatewayDatabase.open(state: directory.path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "\(directory.path)/wirebuddy.db"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE;\nSELECT 'begun';\n".utf8))
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "begun\n")
        let failure = await #expect(throws: DatabaseFailure.self) { try await database.approve("d", at: Sample.now) }
        #expect(failure?.description.contains("is locked by another process") == true)
        // Readers are not held up.
        #expect(try await database.snapshot().approvals == [])
        try input.fileHandleForWriting.write(contentsOf: Data("ROLLBACK;\nSELECT 'ended';\n".utf8))
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "ended\n")
        try await database.approve("d", at: Sample.now)
    }

    /// A row nobody wrote this way: an error, not an inventory without it.
    @Test func aRowThatMakesNoSenseIsAnError() async throws {
        let database = try GatewayDatabase.open(state: directory.path)
        try sqlite("INSERT INTO interface VALUES ('wg0', 'stolen', 'boot', 1, 1, 'kernel')")
        await #expect(throws: DatabaseFailure.self) { try await database.snapshot() }
    }

    @Test func aPathThroughAFileIsNamed() throws {
        try Data().write(to: URL(fileURLWithPath: "\(directory.path)/file"))
        #expect(failure("\(directory.path)/file/state").contains("not a directory"))
    }

    @Test func aDirectoryInPlaceOfTheFile() throws {
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/wirebuddy.db", withIntermediateDirectories: true)
        #expect(failure(directory.path).contains("is a directory"))
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount"))
    func aFullDiskIsOneLineAndNothingIsHalfDone() async throws {
        let disk = try #require(try SmallDisk(kilobytes: 512))
        let database = try GatewayDatabase.open(state: disk.path)
        try await database.approve("before", at: Sample.now)
        let failure = await #expect(throws: DatabaseFailure.self) {
            try await database.recordApplied(Sample.applied(10_000))
        }
        #expect(failure?.description.contains("disk is full") == true, "\(failure?.description ?? "")")
        let inventory = try await database.snapshot()
        #expect(inventory.applied.isEmpty && inventory.approvals == ["before"])
        #expect(try await GatewayDatabase.open(state: disk.path).snapshot().applied.isEmpty)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount"))
    func aReadOnlyDiskIsOneLine() throws {
        let disk = try #require(try SmallDisk(kilobytes: 512))
        _ = try GatewayDatabase.open(state: disk.path)
        try #require(disk.makeReadOnly())
        let message = failure(disk.path)
        #expect(message.contains("read-only") && message.contains("--state") && !message.contains("\n"))
        #expect(failure("\(disk.path)/new").contains("read-only file system"))
    }

    private func sqlite(_ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "\(directory.path)/wirebuddy.db", sql]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
