/// URLs of remotes in texts for people.
public enum RemoteURL {
    /// A text without the secrets of the URLs in it: what stands before the `@` of `https://user:password@host` (a lone
    /// user of `ssh://git@host` stays, it is no secret), and queries.
    public static func redacted(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "://") {
            result += rest[..<start.upperBound]
            let url = rest[start.upperBound...].prefix { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
            let scheme = result.dropLast(3).reversed().prefix { $0.isLetter || $0 == "+" }
            let isSSH = String(scheme.reversed()).hasSuffix("ssh")
            rest = rest[url.endIndex...]
            var shown = url.prefix { $0 != "?" }
            let host = shown.prefix { $0 != "/" }
            // A password may hold an `@` itself.
            if let at = host.lastIndex(of: "@"), !isSSH || host[..<at].contains(":") {
                result += "***"
                shown = shown[at...]
            }
            result += shown
            if shown.endIndex < url.endIndex { result += "?***" }
        }
        return result + rest
    }
}
