/// The effective settings of the API as rows of the database: a field's path, and its value as text.
public enum ProjectedSettings {
    /// The rows of the defaults. A database without any row means the same.
    public static let defaults = rows(Settings())

    /// The rows of settings, by field.
    public static func rows(_ settings: Settings) -> [String: String] {
        let (limits, api) = (settings.rateLimits, settings.api)
        return [
            "rate_limits.authenticated.read": String(limits.authenticated.read),
            "rate_limits.authenticated.write": String(limits.authenticated.write),
            "rate_limits.anonymous.read": String(limits.anonymous.read),
            "rate_limits.anonymous.write": String(limits.anonymous.write),
            "rate_limits.exempt": limits.exempt.map(\.description).joined(separator: ", "),
            "api.docs": String(api.docs),
            "api.query_tokens": String(api.queryTokens),
            "api.user_scope": api.userScope.rawValue,
            "api.session_ttl": "\(api.sessionTTL.components.seconds)s",
        ]
    }
}
