/// The host in the URL of a git remote (git-fetch(1), "GIT URLS").
public enum RemoteHostName {
    /// The host of `ssh://`, `git://`, `http(s)://` URLs and of the short form `user@host:path`; nil for a remote on disk.
    public static func of(_ url: String) -> String? {
        if let scheme = url.firstRange(of: "://") {
            let name = url[..<scheme.lowerBound]
            guard name != "file" else { return nil }
            var place = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
            if let at = place.lastIndex(of: "@") { place = place[place.index(after: at)...] }
            return host(place)
        }
        // A path wins where a slash stands before the first colon, as git has it.
        guard let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/") || url.contains("["),
            !url.hasPrefix("/"), !url.hasPrefix(".")
        else { return nil }
        let place = url[url.startIndex...]
        let start = place.prefix { $0 != "/" }.lastIndex(of: "@").map { place.index(after: $0) } ?? place.startIndex
        let rest = place[start...]
        if rest.first == "[" { return host(rest.prefix { $0 != "]" } + "]") }
        let name = rest.prefix { $0 != ":" }
        return name.isEmpty ? nil : String(name)
    }

    /// The host without its port and brackets.
    private static func host(_ place: Substring) -> String? {
        if place.first == "[" {
            let inside = place.dropFirst().prefix { $0 != "]" }
            return inside.isEmpty ? nil : String(inside)
        }
        let name = place.prefix { $0 != ":" }
        return name.isEmpty ? nil : String(name)
    }
}
