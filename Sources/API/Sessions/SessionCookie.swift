import Gateway
import HTTPTypes

/// The cookie `auth_token` that browsers keep a session in: scripts can't read it, other sites' requests don't carry it.
enum SessionCookie {
    /// The header that sets it.
    static func set(_ session: BegunSession, isSecure: Bool) -> HTTPFields {
        header(session.token, age: session.lifetime, isSecure)
    }

    /// The header that takes it away.
    static func clear(isSecure: Bool) -> HTTPFields { header("", age: 0, isSecure) }

    private static func header(_ value: String, age: Int64, _ isSecure: Bool) -> HTTPFields {
        let secure = isSecure ? "; Secure" : ""
        return [.setCookie: "auth_token=\(value); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict\(secure)"]
    }
}
