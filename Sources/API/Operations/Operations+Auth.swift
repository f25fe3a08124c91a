import Gateway
import HTTPTypes
import Model

extension Operations {
    /// Sessions, one's own account, the first admin.
    static let auth: [Operation] = [
        Operation("login", .post, "/api/auth/login", access: .open, rate: .login) { request, services in
            try await login(request, services)
        },
        Operation("logout", .post, "/api/auth/logout", access: .user) { request, services in
            do throws(AccountFailure) {
                try await services.accounts.logout(request.principal)
            } catch { throw APIFailure(error) }
            return .data(.null, headers: SessionCookie.clear(isSecure: request.isSecure))
        },
        Operation("getMe", .get, "/api/auth/me", access: .user) { request, services in
            try await me(request, services)
        },
        Operation(
            "getLoginHistory", .get, "/api/users/me/login-history", access: .user, query: ["limit", "offset"]
        ) { request, services in
            try await loginHistory(request, services)
        },
    ]

    private static func login(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIResponse {
        var body = try PlainBody(request.body, fields: ["username", "password"])
        let username = body.text("username", count: 1...254)
        let password = body.secret("password")
        try body.check()
        let session: BegunSession
        do throws(AccountFailure) {
            session = try await services.accounts.login(
                username: username, password: password, from: LoginOrigin(request))
        } catch { throw APIFailure(error) }
        return .data(
            .object([
                ("token", .string(session.token)), ("expires_at", .string("\(session.expiresAt)")),
                ("user", AccountJSON.account(session.account)),
            ]), headers: SessionCookie.set(session, isSecure: request.isSecure))
    }

    private static func me(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIResponse {
        let principal = request.principal
        let end: Timestamp?
        do throws(AccountFailure) {
            end = try await services.accounts.end(of: principal)
        } catch { throw APIFailure(error) }
        var token = JSONValue.null
        let proof: String
        switch principal.proof {
        case .none: throw .unauthorized
        case .socket: proof = "socket"
        case .session: proof = "session"
        case .token(let id, let name):
            proof = "token"
            token = .object([("id", .string(id)), ("name", .string(name))])
        }
        return .data(
            .object([
                ("user", AccountJSON.account(principal, in: services.accounts.directory)),
                ("proof", .string(proof)), ("token", token), ("permission", .string(principal.permission.rawValue)),
                ("allow_secrets", .boolean(principal.allowsSecrets)), ("expires_at", .optional(end?.description)),
            ]))
    }

    private static func loginHistory(
        _ request: APIRequest, _ services: APIServices
    ) async throws(APIFailure) -> APIResponse {
        let page = try RowPage(request, defaultLimit: 50)
        let records: [LoginRecord]
        do throws(AccountFailure) {
            records = try await services.accounts.loginHistory(ofUser: request.principal.userID)
        } catch { throw APIFailure(error) }
        return page.answer(records.map(AccountJSON.login))
    }
}

extension LoginOrigin {
    /// Where a request comes from.
    init(_ request: APIRequest) {
        self.init(address: request.client, userAgent: request.headers[.userAgent] ?? "")
    }
}
