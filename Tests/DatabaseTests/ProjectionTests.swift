import Database
import GRDB
import Model
import Reconciler
import Testing

/// Projected rows in a real database, which somebody else edits by another connection.
@Suite struct ProjectionTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase
    let controller: Controller

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
        var settings = Settings()
        settings.rateLimits.anonymous.read = 20
        let users = ["root", "alice"].map { name in
            var user = User(username: name, location: SourceLocation(path: "u.yaml", line: 1, column: 1))
            user.role = name == "root" ? .admin : .user
            user.email = "\(name)@example.com"
            user.passwordHash = "$argon2id$\(name)"
            return user
        }
        let catalog = Catalog(interfaces: [], peers: [], settings: settings, users: users)
        controller = SamplePorts.controller(catalog, database)
    }

    /// A connection of another process.
    private func other() throws -> DatabaseQueue { try DatabaseQueue(path: "\(directory.path)/wirebuddy.db") }

    private func edit(_ sql: String) throws { try other().write { db in try db.execute(sql: sql) } }

    @Test(arguments: [
        "UPDATE user SET role = 'admin' WHERE username = 'alice'",
        "UPDATE user SET password_hash = '$argon2id$mallory'",
        "UPDATE user SET email = '', full_name = 'x', description = 'y', enabled = 0",
        "DELETE FROM user WHERE username = 'root'", "DELETE FROM user",
        "INSERT INTO user VALUES ('m', 'mallory', '', '', '', 'admin', 1, NULL)",
        "INSERT INTO user VALUES ('m', 'ALICE', '', '', '', 'admin', 1, NULL)",
        "UPDATE user SET username = 'bob' WHERE username = 'alice'",
        "UPDATE setting SET value = '100000' WHERE field = 'rate_limits.anonymous.read'", "DELETE FROM setting",
        "INSERT INTO setting VALUES ('api.other', 'true')",
    ]) func anEditByHandIsShownAndHealed(_ sql: String) async throws {
        let first = try await controller.pass(PassOptions(trigger: "test", mode: .loop))
        #expect(first.exitCode == .success, "\(first.outcomes) \(first.plan.problems)")
        #expect(try await controller.pass(PassOptions(trigger: "test", mode: .loop)).plan.changes.isEmpty)
        let right = try await database.projected()
        #expect(right.users.map(\.username) == ["alice", "root"])
        #expect(right.settings["rate_limits.anonymous.read"] == "20")
        try edit(sql)
        #expect(try await database.projected() != right)
        let shown = try await controller.preview(PassOptions(trigger: "test"))
        #expect(!shown.plan.drift.isEmpty && shown.plan.drift.count == shown.plan.changes.count)
        let healed = try await controller.pass(PassOptions(trigger: "test", mode: .loop))
        #expect(healed.exitCode == .success && healed.plan.drift.count == healed.plan.changes.count)
        #expect(try await database.projected() == right)
        let fresh = try GatewayDatabase.open(state: directory.path)
        #expect(try await fresh.projected() == right, "what is on disk is what was read")
        #expect(try await controller.pass(PassOptions(trigger: "test", mode: .loop)).plan.changes.isEmpty)
        #expect(controller.view?.users == right.users)
    }

    @Test func rowsThatMakeNoSenseCannotBeWritten() throws {
        let insert = "INSERT INTO user VALUES ('m', 'm', '', '', '', "
        #expect(throws: (any Error).self) { try edit(insert + "'root', 1, NULL)") }
        #expect(throws: (any Error).self) { try edit(insert + "'user', 2, NULL)") }
    }

    @Test func aPassWithNothingToDoTouchesNoFile() async throws {
        for _ in 0..<2 { _ = try await controller.pass(PassOptions(trigger: "test", mode: .loop)) }
        let before = try directory.fingerprint(of: ".")
        try await Task.sleep(for: .milliseconds(20))
        for _ in 0..<5 { _ = try await controller.pass(PassOptions(trigger: "test", mode: .loop)) }
        #expect(try directory.fingerprint(of: ".") == before)
    }

    @Test func aThousandUsersAreReadFast() async throws {
        for number in 0..<1000 {
            try await database.project(ProjectedUser(id: "id\(number)", username: "user\(number)"))
        }
        let clock = ContinuousClock()
        _ = try await database.projected()
        // The quickest of many: others may have the processors.
        var cached = Duration.seconds(60)
        for _ in 0..<100 { cached = min(cached, try await clock.measure { _ = try await database.projected() }) }
        try edit("UPDATE user SET email = 'x'")
        let read = try await clock.measure { _ = try await database.projected() }
        print("1,000 users: read \(read), from memory \(cached)")
        #expect(cached * 2 < read)
    }
}
