import HTTPTypes

/// Keeps pages of other sites from changing anything with the cookie of a browser that is logged in (CSRF). `SameSite`
/// alone trusts every page of the same site, also on other ports and subdomains.
enum CrossSiteCheck {
    /// Whether a request that changes something and is proved by the cookie alone comes from our own pages: it has
    ///
    /// - Parameters:
    ///   - authority: `Host`, with the port if there is one.
    ///   - isSecure: whether the request came by TLS, also that of a trusted proxy.
    static func isOwn(_ headers: HTTPFields, authority: String?, isSecure: Bool) -> Bool {
        if let site = headers[.secFetchSite], site != "same-origin", site != "none" { return false }
        if let origin = headers[.origin] {
            guard let authority else { return false }
            return origin.lowercased() == "\(isSecure ? "https" : "http")://\(authority.lowercased())"
        }
        return headers[.secFetchSite] == "same-origin" || !(headers[.requestedWith] ?? "").isEmpty
    }
}

extension HTTPField.Name {
    /// `Sec-Fetch-Site`.
    fileprivate static let secFetchSite = parsed("Sec-Fetch-Site")

    private static func parsed(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is the name of a header") }
        return name
    }
}
