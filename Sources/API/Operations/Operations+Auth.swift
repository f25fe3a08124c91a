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
            let accounts = services.accounts
            do throws(AccountFailure) {
                try await accounts.logout(request.principal)
            } catch { throw APIFailure(error) }
            services.events.drop { $0.proof == request.principal.proof }
            return .data(.null, headers: SessionCookie.clear(isSecure: request.isSecure))
        },
        Operation("getMe", .get, "/api/auth/me", access: .user) { request, services in
            try await me(request, services)
        },
        Operation(
            "getLoginHistory", .get, "/api/users/me/login-history", access: .user, query: Paging.names
        ) { request, services in
            try await loginHistory(request, services)
        },
    ]

    private static func login(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIResponse {
        let accounts = services.accounts
        var body = try ActionBody(request)
        let username = body.required("username", count: 1...254)
        let password = body.password("password")
        try body.finish()
        let session: BegunSession
        do throws(AccountFailure) {
            session = try await accounts.login(
                username: username, password: password, from: LoginOrigin(request))
        } catch { throw APIFailure(error) }
        return .data(
            .object([
                ("token", .string(session.token)), ("expires_at", .string("\(session.expiresAt)")),
                ("user", AccountJSON.account(session.account)),
            ]), headers: SessionCookie.set(session, isSecure: request.isSecure))
    }

    private static func me(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIResponse {
        let accounts = services.accounts
        let principal = request.principal
        let end: Timestamp?
        do throws(AccountFailure) {
            end = try await accounts.end(of: principal)
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
                ("user", AccountJSON.account(principal, in: accounts.directory)),
                ("proof", .string(proof)), ("token", token), ("permission", .string(principal.permission.rawValue)),
                ("allow_secrets", .boolean(principal.allowsSecrets)), ("expires_at", .optional(end?.description)),
            ]))
    }

    private static func loginHistory(
        _ request: APIRequest, _ services: APIServices
    ) async throws(APIFailure) -> APIResponse {
        let accounts = services.accounts
        let page = try Paging(request.query)
        let records: [LoginRecord]
        do throws(AccountFailure) {
            records = try await accounts.loginHistory(ofUser: request.principal.userID)
        } catch { throw APIFailure(error) }
        return page.response(page.rows(of: records).map(AccountJSON.login), total: records.count)
    }
}

extension LoginOrigin {
    /// Where a request comes from.
    init(_ request: APIRequest) {
        self.init(address: request.client, userAgent: request.headers[.userAgent] ?? "")
    }
}
