import Credentials
import Model
import Synchronization
import Testing

@testable import Reconciler

/// Users and settings of the API: projected into the database and healed there like everything else.
@Suite struct ProjectionTests {
    static let hash = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0$AAAA"
    let gateway = FakeGateway(Self.catalog([Self.user("root", .admin), Self.user("alice")]))

    static func user(_ name: String, _ role: UserRole = .user, _ change: (inout User) -> Void = { _ in }) -> User {
        var user = User(username: name, location: Sample.place)
        user.role = role
        user.email = "\(name)@example.com"
        user.passwordHash = "\(hash)\(name)"
        change(&user)
        return user
    }

    static func catalog(_ users: [User], _ change: (inout Settings) -> Void = { _ in }) -> Catalog {
        var settings = Settings()
        change(&settings)
        return Catalog(
            interfaces: [Sample.interface()], peers: [Sample.peer(1)], settings: settings, users: users)
    }

    func row(_ name: String) -> ProjectedUser? { gateway.rows.rows.users.first { $0.username == name } }

    @Test func usersAreProjectedAndTheSecondPassHasNothingToDo() async throws {
        let controller = gateway.start()
        let first = try await controller.pass(.apply)
        #expect(first.exitCode == .success)
        let created = first.plan.changes.filter { $0.object.kind == .user }
        #expect(created.map(\.object.name) == ["alice", "root"] && created.allSatisfy { $0.action == .create })
        #expect(created.allSatisfy { $0.impact == .none && $0.reason == .desiredChanged })
        let texts = first.plan.changes.flatMap(\.fields).compactMap(\.after)
        #expect(texts.contains { $0.hasPrefix("<secret #") } && !texts.contains { $0.contains("argon2id") })
        #expect(row("alice")?.passwordHash == "\(Self.hash)alice")
        #expect(controller.view?.users == gateway.rows.rows.users)
        let id = UserIdentifier.derived(repositoryID: "", username: "ALICE", digest: BLAKE2b256())
        #expect(row("alice")?.id == id)
        #expect(gateway.inventory.current.applied.keys.contains(ObjectID(.user, "alice")))

        let (writes, rows) = (gateway.inventory.writes.count, gateway.rows.writes.count)
        for options in [PassOptions.apply, .loop, .loop] {
            let next = try await controller.pass(options)
            #expect(next.plan.changes.isEmpty && next.writes == 0)
        }
        #expect(gateway.inventory.writes.count == writes && gateway.rows.writes.count == rows)
        // A new process finds the same.
        #expect(try await gateway.start().preview(.apply).plan.changes.isEmpty)
    }

    @Test func theDefaultsNeedNoRow() async throws {
        let report = try await gateway.start().pass(.apply)
        #expect(!report.plan.changes.contains { $0.object.kind == .settings })
        #expect(gateway.rows.rows.settings.isEmpty)
    }

    @Test func settingsAreProjectedWhole() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(
            Self.catalog([Self.user("root", .admin)] + [Self.user("alice")]) { settings in
                settings.rateLimits.authenticated.read = 500
                settings.api.userScope = .all
            }, id: "r2")
        let report = try await controller.pass(.loop)
        let change = try #require(report.plan.changes.first { $0.object.kind == .settings })
        #expect(change.object == .apiSettings && change.reason == .desiredChanged && change.action == .update)
        #expect(
            change.fields == [
                FieldChange("api.user_scope", before: "own", after: "all"),
                FieldChange("rate_limits.authenticated.read", before: "100", after: "500"),
            ])
        #expect(gateway.rows.rows.settings.count == ProjectedSettings.defaults.count)
        #expect(gateway.rows.rows.settings["rate_limits.authenticated.read"] == "500")

        gateway.rows.edit { $0.settings["rate_limits.authenticated.read"] = "100000" }
        let healed = try await controller.pass(.loop)
        #expect(healed.plan.drift.map(\.object) == [.apiSettings])
        gateway.rows.edit { $0.settings = [:] }
        #expect(try await controller.pass(.loop).plan.drift.count == 1)
        #expect(gateway.rows.rows.settings["rate_limits.authenticated.read"] == "500")
        #expect(try await controller.pass(.loop).plan.changes.isEmpty)
    }

    @Test func rowsThatSomebodyEditsAreDriftAndHealed() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let right = gateway.rows.rows
        let edits: [@Sendable (inout ProjectedState) -> Void] = [
            { $0.users[0].role = .admin },
            { $0.users[0].passwordHash = "\(Self.hash)mallory" },
            { $0.users[0].enabled = false },
            { $0.users[0].username = "bob" },
            { $0.users.removeFirst() },
            { $0.users.append(ProjectedUser(id: "x", username: "mallory", role: .admin)) },
            { $0.users.append(ProjectedUser(id: "x", username: "alice", role: .admin)) },
            { $0.users[1].id = "x" },
            { $0.users = [] },
        ]
        for (number, edit) in edits.enumerated() {
            gateway.clock.advance(by: .seconds(700))
            gateway.rows.edit(edit)
            let shown = try await controller.preview(.apply)
            #expect(!shown.plan.drift.isEmpty && shown.plan.drift.count == shown.plan.changes.count, "\(number)")
            #expect(shown.plan.refusals.isEmpty, "\(number)")
            let healed = try await controller.pass(.loop)
            #expect(healed.exitCode == .success, "\(number): \(healed.outcomes)")
            #expect(gateway.rows.rows == right, "\(number)")
            #expect(try await controller.pass(.loop).plan.changes.isEmpty)
        }
    }

    @Test func driftThatIsOnlyReportedStays() async throws {
        gateway.revisions.set(
            Self.catalog([Self.user("root", .admin)]) { $0.reconcile.drift = .report }, id: "r2")
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.rows.edit { $0.users[0].email = "other@example.com" }
        let report = try await controller.pass(.loop)
        #expect(report.plan.drift.map(\.isReportOnly) == [true] && report.writes == 0)
        #expect(try await controller.pass(.apply).exitCode == .success)
        #expect(row("root")?.email == "root@example.com")
    }

    @Test func aRenameWithTheIDIsOneUpdate() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let id = try #require(row("alice")?.id)
        gateway.revisions.set(
            Self.catalog([Self.user("root", .admin), Self.user("alicia") { $0.id = id }]), id: "r2")
        let report = try await controller.pass(.loop)
        let change = try #require(report.plan.changes.first)
        #expect(report.plan.changes.count == 1 && change.action == .update && change.reason == .desiredChanged)
        #expect(change.fields.first == FieldChange("username", before: "alice", after: "alicia"))
        #expect(row("alicia")?.id == id && gateway.rows.rows.users.count == 2)
        #expect(gateway.inventory.current.applied[ObjectID(.user, "alice")] == nil)
    }

    @Test func disablingIsARevocationThatNothingHoldsUp() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let disabled = Self.user("alice") { $0.enabled = false }
        // The interface leaves too: a rail refuses the revision.
        gateway.revisions.set(
            Catalog(interfaces: [], peers: [], users: [Self.user("root", .admin), disabled]), id: "r2")
        let refused = try await controller.pass(.loop)
        #expect(!refused.plan.refusals.isEmpty)
        #expect(row("alice")?.enabled == false, "\(refused.plan.changes.map(\.object)) \(refused.outcomes)")
        // Healing the last good revision doesn't bring him back.
        _ = try await controller.pass(.loop)
        #expect(row("alice")?.enabled == false)

        try await gateway.inventory.port.setSuspension(Suspension(reason: "maintenance", until: nil))
        gateway.revisions.set(Self.catalog([Self.user("root", .admin), disabled]), id: "r3")
        _ = try await controller.pass(.loop)
        #expect(row("alice")?.enabled == false)
    }

    @Test func disablingWorksWhileSuspended() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        try await gateway.inventory.port.setSuspension(Suspension(reason: "maintenance", until: nil))
        gateway.revisions.set(
            Self.catalog([
                Self.user("root", .admin), Self.user("alice") { $0.enabled = false }, Self.user("new"),
            ]), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(row("alice")?.enabled == false && row("new") == nil)
        #expect(report.plan.changes.first?.reason == .revoked)
    }

    @Test func fromSomeUsersToNoneIsARail() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Self.catalog([]), id: "r2")
        let refused = try await controller.pass(.apply)
        let refusals = refused.plan.refusals
        #expect(refusals.map(\.rail) == ["empty-kind", "last-admin"])
        #expect(refusals.first?.message.contains("all 2 users") == true)
        #expect(refused.exitCode == .refused && gateway.rows.rows.users.count == 2)
        var options = PassOptions.apply
        options.approvals = Set(refusals.map(\.digest))
        #expect(try await controller.pass(options).exitCode == .success)
        #expect(gateway.rows.rows.users.isEmpty)
    }

    @Test func manyUsersAtOnceAreARail() async throws {
        let many = (0..<20).map { Self.user("user\($0)", $0 == 0 ? .admin : .user) }
        gateway.revisions.set(Self.catalog(many), id: "r2")
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Self.catalog(Array(many.prefix(15))), id: "r3")
        #expect(try await controller.pass(.apply).plan.refusals.map(\.rail) == ["max-deletes"])
        gateway.revisions.set(Self.catalog(Array(many.prefix(16))), id: "r4")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .success && gateway.rows.rows.users.count == 16)
        #expect(report.plan.changes.allSatisfy { $0.reason == .prune && $0.action == .delete })
    }

    @Test func rowsThatCannotBeReadAreLeftAlone() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let applied = gateway.inventory.current.applied
        gateway.rows.state.withLock { $0.isUnreadable = true }
        gateway.revisions.set(Self.catalog([Self.user("root", .admin)]), id: "r2")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .error && report.plan.problems.first?.message == "database is locked")
        gateway.rows.state.withLock { $0.isUnreadable = false }
        #expect(gateway.rows.rows.users.count == 2 && gateway.inventory.current.applied == applied)
        #expect(try await controller.pass(.apply).exitCode == .success)
        #expect(gateway.rows.rows.users.map(\.username) == ["root"])
    }

    @Test func aWriteThatFailsIsTriedAgainAndSaid() async throws {
        let controller = gateway.start()
        gateway.rows.state.withLock { $0.isFull = true }
        let failed = try await controller.pass(.loop)
        let failure = try #require(
            failed.results.first { $0.change.object == ObjectID(.user, "alice") }?.outcome)
        #expect(failure == .failed(message: "the state database can't be written: disk full", isTerminal: false))
        #expect(gateway.host.kernel.link("wg0")?.isUp == true, "the rest is done all the same")
        gateway.rows.state.withLock { $0.isFull = false }
        gateway.clock.advance(by: .seconds(2))
        #expect(try await controller.pass(.loop).exitCode == .success)
        #expect(row("alice") != nil)
    }

    @Test func downLeavesTheDatabaseAlone() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let applied = gateway.inventory.current.applied.filter { $0.key.kind == .user }
        #expect(applied.count == 2)
        let report = try await controller.pass(.teardown)
        #expect(!report.plan.changes.contains { $0.object.kind == .user })
        #expect(gateway.rows.rows.users.count == 2)
        #expect(gateway.inventory.current.applied.filter { $0.key.kind == .user } == applied)
    }

    @Test func anInvalidRevisionDeletesNobody() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(.failure(.invalid(revision: "r2", problems: ["a.yaml:1:1: error[x]: y"])))
        _ = try await controller.pass(.loop)
        #expect(gateway.rows.rows.users.count == 2)
        // Nor does a process that knows no good revision.
        _ = try await gateway.start().pass(.loop)
        #expect(gateway.rows.rows.users.count == 2)
    }
}
