import Model

/// Origins of web pages as browsers send them: scheme, host and port, nothing behind.
enum WebOrigin {
    static func isValid(_ text: String) -> Bool {
        if text == "*" { return true }
        guard text.utf8.count <= 300,
            let scheme = ["https://", "http://"].first(where: { text.utf8.starts(with: $0.utf8) })
        else { return false }
        let host = text.utf8.dropFirst(scheme.utf8.count)
        // An endpoint with any port is what an origin without one would be with it.
        return Endpoint(String(Substring(host))) != nil || Endpoint(String(Substring(host)) + ":1") != nil
    }
}
