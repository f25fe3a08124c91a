import Gateway
import HTTPTypes
import Model

extension Operations {
    /// API tokens.
    static let tokens: [Operation] = [
        Operation("listTokens", .get, "/api/tokens", access: .user, query: Paging.names) { request, services in
            let accounts = services.accounts
            let page = try Paging(request.query, standard: nil)
            let tokens: [OwnedToken]
            do throws(AccountFailure) {
                tokens = try await accounts.tokens(for: request.principal)
            } catch { throw APIFailure(error) }
            return page.response(
                page.rows(of: tokens).map { .object(AccountJSON.token($0)) }, total: tokens.count)
        },
        Operation("createToken", .post, "/api/tokens", access: .user) { request, services in
            try await createToken(request, services)
        },
        Operation("deleteToken", .delete, "/api/tokens/{id}", access: .user) { request, services in
            let accounts = services.accounts
            do throws(AccountFailure) {
                let token = try await accounts.revokeToken(
                    id: request.path["id"] ?? "", for: request.principal)
                services.events.drop { principal in
                    if case .token(let id, _) = principal.proof { id == token.token.id } else { false }
                }
                return .data(.object(AccountJSON.token(token)))
            } catch { throw APIFailure(error) }
        },
    ]

    private static func createToken(
        _ request: APIRequest, _ services: APIServices
    ) async throws(APIFailure) -> APIResponse {
        let accounts = services.accounts
        var body = try ActionBody(request)
        var wish = TokenRequest(name: body.required("name", count: 1...64))
        wish.lifetime = body.word("expires", TokenRequest.Lifetime.self) ?? .never
        wish.permission = body.word("permission", TokenPermission.self) ?? .read
        wish.allowedIPs = body.prefixes("allowed_ips", atMost: 64)
        wish.allowsSecrets = body.boolean("allow_secrets") ?? false
        try body.finish()
        // The value is nowhere any more: who asks again gets no second token, and not the value of the first.
        return try await services.once(for: request) { (record, _) throws(APIFailure) in
            let id = record.object.split(separator: " ").last.map(String.init) ?? ""
            throw APIFailure(
                .conflict,
                "this token was made already, and its value was shown then: revoke \(id) and make another one")
        } _: { () throws(APIFailure) in
            do throws(AccountFailure) {
                let (token, value) = try await accounts.createToken(wish, for: request.principal.userID)
                return WrittenResponse(
                    response: .created(.object(AccountJSON.token(token) + [("token", .string(value))])),
                    object: "Token \(token.token.id)", revision: "")
            } catch { throw APIFailure(error) }
        }
    }
}
