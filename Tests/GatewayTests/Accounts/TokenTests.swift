import Credentials
import Database
import Foundation
import Model
import Testing

@testable import Gateway

@Suite struct TokenTests {
    /// Rights are the lesser of what the token allows and what the owner's role allows now.
    @Test func rights() async throws {
        let lab = try AccountsLab()
        let full = try await lab.token("a", .full)
        let read = try await lab.token("a", .read)
        let secrets = try await lab.token("a", .read, secrets: true)
        let users = try await lab.token("b", .read)
        var demoted = AccountsLab.alice
        demoted.role = .user
        var promoted = AccountsLab.bob
        promoted.role = .admin
        typealias Row = (token: String, access: Access, isRead: Bool, before: Access.Denial?, after: Access.Denial?)
        let table: [Row] = [
            (full.value, .admin, false, nil, .forbidden), (full.value, .admin, true, nil, .forbidden),
            (full.value, .user, false, nil, .forbidden), (full.value, .secrets, true, nil, .forbidden),
            (read.value, .admin, true, nil, .forbidden), (read.value, .admin, false, .forbidden, .forbidden),
            (read.value, .user, true, nil, nil), (read.value, .user, false, .forbidden, .forbidden),
            (read.value, .secrets, true, .forbidden, .forbidden), (secrets.value, .secrets, true, nil, nil),
            (users.value, .user, true, nil, nil), (users.value, .admin, true, .forbidden, nil),
            (users.value, .user, false, .forbidden, .forbidden), (users.value, .admin, false, .forbidden, .forbidden),
        ]
        for row in table {
            let principal = try #require(await lab.principal(row.token))
            #expect(row.access.denial(of: principal, isRead: row.isRead) == row.before, "\(row.access) \(row.isRead)")
        }
        lab.users.set([demoted, promoted])
        for row in table {
            let principal = try #require(await lab.principal(row.token))
            #expect(row.access.denial(of: principal, isRead: row.isRead) == row.after, "\(row.access) \(row.isRead)")
        }
    }

    @Test func fullTokensAreForAdmins() async throws {
        let lab = try AccountsLab()
        await #expect(throws: AccountFailure.forbidden) { _ = try await lab.token("b", .full) }
        _ = try await lab.token("b", .read)
    }

    @Test func tokensEndAtTheirSecond() async throws {
        let lab = try AccountsLab()
        let month = try await lab.token(lifetime: .month)
        let year = try await lab.token(lifetime: .year)
        let never = try await lab.token()
        lab.clock.advance(30 * 86_400 - 1)
        #expect(await lab.principal(month.value) != nil)
        lab.clock.advance(1)
        #expect(await lab.principal(month.value) == nil)
        #expect(await lab.principal(year.value) != nil)
        lab.clock.advance(10_000 * 86_400)
        #expect(await lab.principal(year.value) == nil)
        #expect(await lab.principal(never.value) != nil)
    }

    @Test func addressLists() async throws {
        let lab = try AccountsLab()
        let token = try await lab.token(from: ["203.0.113.0/24", "2001:db8::1"])
        for address in ["203.0.113.9", "2001:db8::1"] {
            #expect(await lab.principal(token.value, from: address) != nil)
        }
        for address in ["203.0.114.9", "2001:db8::2", "192.0.2.1"] {
            #expect(await lab.principal(token.value, from: address) == nil)
        }
        let proof = PresentedProof(bearer: token.value)
        #expect(await lab.accounts.authenticator.authenticate(proof, from: nil) == .refused(hint: nil))
    }

    @Test func revokedAtOnceAlsoByAnotherProcess() async throws {
        let lab = try AccountsLab()
        let (mine, other) = (try await lab.token(), try await lab.token())
        let admin = try #require(await lab.principal(mine.value))
        #expect(await lab.principal(other.value) != nil)
        let elsewhere = AccountsLab.accounts(lab.users, try GatewayDatabase.open(state: lab.directory.path), lab.clock)
        _ = try await elsewhere.revokeToken(id: other.id, for: admin)
        #expect(await lab.principal(other.value) == nil)
        let made = try await elsewhere.createToken(TokenRequest(name: "new"), for: "b")
        #expect(await lab.principal(made.value)?.username == "Bob")
        _ = try await lab.accounts.revokeToken(id: mine.id, for: admin)
        #expect(await lab.principal(mine.value) == nil)
    }

    @Test func othersTokensAreNotThere() async throws {
        let lab = try AccountsLab()
        let (alices, bobs) = (try await lab.token("a"), try await lab.token("b", .read))
        let bob = try #require(await lab.principal(bobs.value))
        #expect(try await lab.accounts.tokens(for: bob).map(\.token.id) == [bobs.id])
        await #expect(throws: AccountFailure.notFound) {
            _ = try await lab.accounts.revokeToken(id: alices.id, for: bob)
        }
        let alice = try #require(await lab.principal(alices.value))
        #expect(try await lab.accounts.tokens(for: alice).count == 2)
    }

    @Test func disabledAndDeletedOwners() async throws {
        let lab = try AccountsLab()
        let token = try await lab.token("b", .read)
        var disabled = AccountsLab.bob
        disabled.enabled = false
        lab.users.set([AccountsLab.alice, disabled])
        #expect(await lab.principal(token.value) == nil)
        lab.users.set([AccountsLab.alice])
        #expect(await lab.principal(token.value) == nil)
    }

    @Test func whereATokenMayStand() async throws {
        let lab = try AccountsLab()
        let token = try await lab.token()
        let session = try await lab.login()
        let authenticator = lab.accounts.authenticator
        func answer(_ proof: PresentedProof) async -> Authentication {
            await authenticator.authenticate(proof, from: IPAddress("192.0.2.7"))
        }
        // The address is off, and the answer says so.
        guard case .refused(let hint?) = await answer(PresentedProof(query: token.value)) else {
            throw CancellationError()
        }
        #expect(hint.contains("query_tokens") && !hint.contains(token.value))
        var api = Settings.API()
        api.queryTokens = true
        lab.users.set([AccountsLab.alice, AccountsLab.bob], api: api)
        guard case .known = await answer(PresentedProof(query: token.value)) else { throw CancellationError() }
        #expect(await answer(PresentedProof(query: session.token)) == .refused(hint: nil))
        guard case .known = await answer(PresentedProof(cookie: session.token)) else { throw CancellationError() }
        #expect(await answer(PresentedProof(cookie: token.value)) == .refused(hint: nil))
        #expect(await answer(PresentedProof(bearer: "wb_x", cookie: session.token)) == .refused(hint: nil))
        #expect(await answer(PresentedProof()) == .known(.anonymous))
        let (enrolment, _) = try await lab.accounts.beginEnrolment()
        #expect(await answer(PresentedProof(bearer: enrolment)) == .refused(hint: nil))
        lab.users.set(nil)
        guard case .unavailable = await answer(PresentedProof(bearer: token.value)) else { throw CancellationError() }
    }

    @Test(arguments: [
        ("ci", true), ("My token 1", true), ("a.b_c-d", true), ("", false), ("-ci", false), ("ci ", false),
        ("a\nb", false), ("<a>", false), ("ä", false), (String(repeating: "a", count: 65), false),
    ])
    func names(name: String, isGood: Bool) async throws {
        let lab = try AccountsLab()
        let request = TokenRequest(name: name)
        if isGood {
            _ = try await lab.accounts.createToken(request, for: "a")
            await #expect(throws: AccountFailure.self, "the same name again") {
                _ = try await lab.accounts.createToken(request, for: "a")
            }
        } else {
            await #expect(throws: AccountFailure.self) { _ = try await lab.accounts.createToken(request, for: "a") }
        }
    }

    @Test func theUseIsShown() async throws {
        let lab = try AccountsLab()
        let token = try await lab.token()
        #expect(
            try await lab.accounts.tokens(for: try #require(await lab.principal(token.value)))[0].token.lastUsedAt
                != nil)
        lab.clock.advance(10)
        let principal = try #require(await lab.principal(token.value, from: "192.0.2.99"))
        let shown = try await lab.accounts.tokens(for: principal)[0].token
        #expect(shown.lastUsedAt == lab.clock.now() && shown.lastUsedFrom == IPAddress("192.0.2.99"))
    }
}
