import Gateway
import HTTPTypes
import Model

extension Operations {
    /// API tokens.
    static let tokens: [Operation] = [
        Operation("listTokens", .get, "/api/tokens", access: .user, query: ["limit", "offset"]) { request, services in
            let page = try RowPage(request, defaultLimit: nil)
            let tokens: [OwnedToken]
            do throws(AccountFailure) {
                tokens = try await services.accounts.tokens(for: request.principal)
            } catch { throw APIFailure(error) }
            return page.answer(tokens.map { .object(AccountJSON.token($0)) })
        },
        Operation("createToken", .post, "/api/tokens", access: .user) { request, services in
            try await createToken(request, services)
        },
        Operation("deleteToken", .delete, "/api/tokens/{id}", access: .user) { request, services in
            do throws(AccountFailure) {
                let token = try await services.accounts.revokeToken(
                    id: request.path["id"] ?? "", for: request.principal)
                return .data(.object(AccountJSON.token(token)))
            } catch { throw APIFailure(error) }
        },
    ]

    private static func createToken(
        _ request: APIRequest, _ services: APIServices
    ) async throws(APIFailure) -> APIResponse {
        var body = try PlainBody(
            request.body, fields: ["name", "expires", "permission", "allowed_ips", "allow_secrets"])
        var wish = TokenRequest(name: body.text("name", count: 1...64))
        wish.lifetime = body.word("expires", TokenRequest.Lifetime.self) ?? .never
        wish.permission = body.word("permission", TokenPermission.self) ?? .read
        wish.allowedIPs = body.prefixes("allowed_ips", atMost: 64)
        wish.allowsSecrets = body.boolean("allow_secrets") ?? false
        try body.check()
        do throws(AccountFailure) {
            let (token, value) = try await services.accounts.createToken(wish, for: request.principal.userID)
            return .created(.object(AccountJSON.token(token) + [("token", .string(value))]))
        } catch { throw APIFailure(error) }
    }
}
