import Gateway
import HTTPTypes
import Manifest
import Model

extension Operations {
    /// Passwords are declared, as hashes: to set one is a write into the repository.
    static let passwords: [Operation] = [
        Operation("changePassword", .post, "/api/auth/password", access: .user, query: ["wait"], rate: .password) {
            request, services in
            try await changePassword(request, services)
        },
        Operation("enrol", .post, "/api/enrolment", access: .open, query: ["wait"], rate: .login) { request, services in
            try await enrol(request, services)
        },
    ]

    private static func changePassword(
        _ request: APIRequest, _ services: APIServices
    ) async throws(APIFailure) -> APIResponse {
        let accounts = services.accounts
        var body = try ActionBody(request)
        let current = body.password("current_password")
        let new = body.password("new_password")
        try body.finish()
        _ = try request.wait()
        let principal = request.principal
        let hash: String
        do throws(AccountFailure) {
            hash = try await accounts.newPassword(for: principal, current: current, new: new)
        } catch { throw APIFailure(error) }
        let intent = Intent.updateUser(
            UserSelector(principal.username), [], passwordHash: hash, by: principal.username)
        let response = try await services.perform(APIWrite(intent: intent, show: shownAccount), for: request)
        do throws(AccountFailure) {
            try await accounts.endSessions(ofUser: principal.userID)
        } catch { throw APIFailure(error) }
        services.events.drop { listener in
            if case .session = listener.proof { listener.userID == principal.userID } else { false }
        }
        return response
    }

    private static func enrol(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIResponse {
        let accounts = services.accounts
        var body = try ActionBody(request)
        let token = body.required("token", count: 1...256)
        let username = body.required("username", count: 3...32)
        let email = body.required("email", count: 1...254)
        let password = body.password("password")
        if !username.isEmpty, !Username.isValid(username) {
            body.refuse("username", "username must have 3 to 32 letters, digits, `.`, `_` and `-`")
        }
        try body.finish()
        _ = try request.wait()
        let hash: String
        do throws(AccountFailure) {
            hash = try await accounts.firstPassword(token: token, password: password, from: LoginOrigin(request))
        } catch { throw APIFailure(error) }
        let fields = [
            FieldEdit(["email"], .set(.string(email))), FieldEdit(["role"], .set(.string(UserRole.admin.rawValue))),
        ]
        // The one who enrols is the author; the files decide whether he is the first, not what was applied of them.
        var request = request
        request.principal = Principal(proof: .none, userID: "", username: username, email: email, role: .user)
        let intent = Intent.createUser(username, fields: fields, passwordHash: hash).guarded {
            tree throws(GatewayFailure) in
            guard !tree.users.contains(where: { $0.role == .admin && $0.enabled }) else {
                throw .conflict("there is an admin already: he makes further users")
            }
        }
        let response = try await services.perform(
            APIWrite(intent: intent, creates: true, show: shownAccount), for: request)
        do throws(AccountFailure) {
            try await accounts.endEnrolment()
        } catch { throw APIFailure(error) }
        return response
    }

    /// A user, in short, as the answer to a write of his own.
    @Sendable private static func shownAccount(
        _ identity: ObjectIdentity, _ state: ResourceState
    ) throws(APIFailure) -> ShownObject? {
        let tree = state.declared.tree
        guard let user = tree.user(identity.name) else { return nil }
        return ShownObject(
            data: AccountJSON.account(Account(user, in: tree)), etag: ObjectTag.of(user), location: nil)
    }
}
