import Credentials
import Database
import Foundation
import Model
import Testing

@testable import Gateway

@Suite struct LoginTests {
    @Test func aLoginBeginsASessionWithATokenOfItsOwn() async throws {
        let lab = try AccountsLab()
        let (first, second) = (try await lab.login(), try await lab.login("ALICE"))
        #expect(first.token != second.token && first.token.hasPrefix("wbs_"))
        let principal = try #require(await lab.principal(first.token))
        #expect(principal.username == "alice" && principal.isAdmin && principal.permission == .full)
        #expect(principal.allowsSecrets)
        try await lab.accounts.logout(principal)
        #expect(await lab.principal(first.token) == nil)
        #expect(await lab.principal(second.token) != nil)
        // A file that leaks helps nobody: the value isn't in it.
        for name in ["wirebuddy.db", "wirebuddy.db-wal"] {
            let bytes = try Data(contentsOf: lab.directory.appendingPathComponent(name))
            #expect(bytes.range(of: Data(second.token.utf8)) == nil && !bytes.isEmpty)
        }
    }

    @Test(arguments: [
        ("alice", "wrong"), ("nobody", AccountsLab.password), ("carol", AccountsLab.password),
        ("dave", AccountsLab.password), ("alice", String(repeating: "x", count: 5000)),
    ])
    func allFailuresLookAlike(name: String, password: String) async throws {
        var carol = Account(id: "c", username: "carol", role: .user, enabled: false)
        carol.passwordHash = AccountsLab.hash
        let dave = Account(id: "d", username: "dave", role: .user)
        let lab = try AccountsLab([AccountsLab.alice, carol, dave])
        await #expect(throws: AccountFailure.wrongCredentials("Invalid username or password")) {
            _ = try await lab.login(name, password)
        }
    }

    @Test func tooManyFailuresLockOneUserAtOneAddressAlsoAfterARestart() async throws {
        let lab = try AccountsLab()
        for _ in 0..<5 { await #expect(throws: AccountFailure.self) { _ = try await lab.login("alice", "wrong") } }
        let locked = AccountFailure.tooManyAttempts(retryAfter: 60, limit: 5, window: 900)
        await #expect(throws: locked) { _ = try await lab.login() }
        // Same user elsewhere, and somebody else here.
        _ = try await lab.login(from: LoginOrigin(address: IPAddress("192.0.2.8"), userAgent: ""))
        _ = try await lab.login("bob")
        let restarted = AccountsLab.accounts(lab.users, try GatewayDatabase.open(state: lab.directory.path), lab.clock)
        await #expect(throws: locked) {
            _ = try await restarted.login(
                username: "alice", password: SecretBytes(Array(AccountsLab.password.utf8)), from: AccountsLab.home)
        }
        lab.clock.advance(60)
        _ = try await lab.login()
        let history = try await lab.accounts.loginHistory(ofUser: "a")
        #expect(
            history.map(\.outcome) == [.success, .locked, .success, .locked] + Array(repeating: .failure, count: 5))
        #expect(history.first?.address == "192.0.2.7" && history.first?.userAgent == "curl")
    }

    /// The limit is no race: attempts count before their outcome is known.
    @Test func manyAtOnceAreNoWayAroundTheLimit() async throws {
        let lab = try AccountsLab()
        let judged = await withTaskGroup(of: Bool.self, returning: Int.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do {
                        _ = try await lab.login("alice", "wrong")
                        return true
                    } catch AccountFailure.wrongCredentials {
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(judged == 5)
    }

    @Test func ipv6IsCountedByTheNetworkOfALine() {
        #expect(LoginOrigin(address: IPAddress("2001:db8::1"), userAgent: "").network == "2001:db8::/64")
        #expect(LoginOrigin(address: IPAddress("192.0.2.1"), userAgent: "").network == "192.0.2.1")
        #expect(LoginOrigin(address: nil, userAgent: "a\r\nb\u{1b}").userAgent == "ab")
    }

    @Test func sessionsRenewButNotForEver() async throws {
        let lab = try AccountsLab()
        let session = try await lab.login()
        for _ in 0..<47 {
            lab.clock.advance(900)
            #expect(await lab.principal(session.token) != nil)
        }
        lab.clock.advance(900)
        #expect(await lab.principal(session.token) == nil)
        let idle = try await lab.login()
        lab.clock.advance(1799)
        #expect(await lab.principal(idle.token) != nil)
        lab.clock.advance(1800)
        #expect(await lab.principal(idle.token) == nil)
    }

    @Test func aChangedPasswordAndADisabledUserEndSessions() async throws {
        let lab = try AccountsLab()
        let (alice, bob) = (try await lab.login(), try await lab.login("bob"))
        var changed = AccountsLab.alice
        changed.passwordHash = try PasswordHash.make(SecretBytes(Array("Another-Passw0rd!".utf8)))
        var disabled = AccountsLab.bob
        disabled.enabled = false
        lab.users.set([changed, disabled])
        #expect(await lab.principal(alice.token) == nil)
        #expect(await lab.principal(bob.token) == nil)
        lab.users.set([changed])
        #expect(await lab.principal(bob.token) == nil)
    }

    @Test func anotherPasswordNeedsThePresentOneThreeTimesAnHour() async throws {
        let lab = try AccountsLab()
        let principal = try #require(await lab.principal(try await lab.login().token))
        let secret = { SecretBytes(Array(($0 as String).utf8)) }
        let hash = try await lab.accounts.newPassword(
            for: principal, current: secret(AccountsLab.password), new: secret("Another-Passw0rd!"))
        #expect(try PasswordHash(hash)?.matches(secret("Another-Passw0rd!")) == true)
        // A password that breaks the rule is no attempt.
        for _ in 0..<5 {
            await #expect(throws: AccountFailure.self) {
                _ = try await lab.accounts.newPassword(
                    for: principal, current: secret(AccountsLab.password), new: secret("short"))
            }
        }
        for _ in 0..<2 {
            let failure = await #expect(throws: AccountFailure.self) {
                _ = try await lab.accounts.newPassword(
                    for: principal, current: secret("wrong"), new: secret("Another-Passw0rd!"))
            }
            guard case .refused(.invalidFields) = failure else { throw CancellationError() }
        }
        await #expect(throws: AccountFailure.tooManyAttempts(retryAfter: 3600, limit: 3, window: 3600)) {
            _ = try await lab.accounts.newPassword(
                for: principal, current: secret(AccountsLab.password), new: secret("Another-Passw0rd!"))
        }
    }

    @Test func theFirstAdminEnrolsOnceWithinAnHour() async throws {
        let lab = try AccountsLab([AccountsLab.bob])
        let secret = { SecretBytes(Array(($0 as String).utf8)) }
        #expect(lab.accounts.lacksAdmin == true)
        #expect(await lab.accounts.authenticator.authenticate(PresentedProof(), from: nil) == .notEnrolled)
        let (token, until) = try await lab.accounts.beginEnrolment()
        #expect(token.hasPrefix("wbe_") && until == lab.clock.now().advanced(bySeconds: 3600))
        await #expect(throws: AccountFailure.self) {
            _ = try await lab.accounts.firstPassword(
                token: TokenValue.generate(.enrolment).reveal(), password: secret(AccountsLab.password),
                from: AccountsLab.home)
        }
        // A password that is refused does not cost the token.
        await #expect(throws: AccountFailure.self) {
            _ = try await lab.accounts.firstPassword(token: token, password: secret("short"), from: AccountsLab.home)
        }
        let hash = try await lab.accounts.firstPassword(
            token: token, password: secret(AccountsLab.password), from: AccountsLab.home)
        #expect(try PasswordHash(hash)?.matches(secret(AccountsLab.password)) == true)
        lab.clock.advance(3600)
        await #expect(throws: AccountFailure.self) {
            _ = try await lab.accounts.firstPassword(
                token: token, password: secret(AccountsLab.password), from: AccountsLab.home)
        }
        let (second, _) = try await lab.accounts.beginEnrolment()
        lab.users.set([AccountsLab.alice])
        let failure = await #expect(throws: AccountFailure.self) {
            _ = try await lab.accounts.firstPassword(
                token: second, password: secret(AccountsLab.password), from: AccountsLab.home)
        }
        guard case .refused(.conflict) = failure else { throw CancellationError() }
    }
}
