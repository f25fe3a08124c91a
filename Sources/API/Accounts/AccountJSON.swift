import Gateway
import Model

/// Accounts, tokens and logins as answers show them.
enum AccountJSON {
    /// A user, in short.
    static func account(_ account: Account) -> JSONValue {
        .object([
            ("id", .string(account.id)), ("username", .string(account.username)), ("email", .string(account.email)),
            ("full_name", .string(account.fullName)), ("role", .string(account.role.rawValue)),
        ])
    }

    /// Who makes a request; the unix socket has no user, its id is all zeros.
    static func account(_ principal: Principal, in directory: AccountDirectory?) -> JSONValue {
        if let known = directory?.account(id: principal.userID) { return account(known) }
        return account(
            Account(
                id: principal.userID.isEmpty ? "00000000-0000-0000-0000-000000000000" : principal.userID,
                username: principal.username, email: principal.email, role: principal.role))
    }

    /// A token without its value.
    static func token(_ owned: OwnedToken) -> [(String, JSONValue)] {
        let token = owned.token
        return [
            ("id", .string(token.id)), ("name", .string(token.name)),
            ("user", .object([("id", .string(token.userID)), ("username", .string(owned.username))])),
            ("permission", .string(token.permission.rawValue)),
            ("allowed_ips", .array(token.allowedIPs.map { .string($0.isHost ? "\($0.address)" : "\($0)") })),
            ("allow_secrets", .boolean(token.allowsSecrets)), ("created_at", .string("\(token.createdAt)")),
            ("expires_at", .optional(token.expiresAt?.description)),
            ("last_used_at", .optional(token.lastUsedAt?.description)),
            ("last_used_ip", .optional(token.lastUsedFrom?.description)),
        ]
    }

    /// A row of the login history.
    static func login(_ record: LoginRecord) -> JSONValue {
        let reason: String? =
            switch record.outcome {
            case .success: nil
            case .failure: "wrong password"
            case .locked: "too many attempts"
            }
        return .object([
            ("time", .string("\(record.at)")), ("ip", record.address.isEmpty ? .null : .string(record.address)),
            ("user_agent", record.userAgent.isEmpty ? .null : .string(record.userAgent)),
            ("success", .boolean(record.outcome == .success)), ("reason", .optional(reason)),
        ])
    }
}
