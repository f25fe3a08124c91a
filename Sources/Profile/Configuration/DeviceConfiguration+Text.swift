import Model

extension DeviceConfiguration {
    /// The text of the configuration, with its keys in the clear: for the device's owner, never for a log.
    ///
    /// Without a private key it says so, and the empty `PrivateKey` after it is refused by `wg` and by the apps until
    /// somebody writes the key there.
    public func exposedText() -> String {
        var lines = ["[Interface]", "# \(Self.comment(name))"]
        if let privateKey {
            lines.append("PrivateKey = \(privateKey.exposedText())")
        } else {
            lines += ["# PrivateKey = held by the device", "PrivateKey ="]
        }
        lines.append("Address = \(Self.list(address))")
        // Search domains alone are no DNS configuration: wg-quick would drop them without a word.
        if !dns.isEmpty { lines.append("DNS = \(Self.list(dns.map(\.description) + dnsSearch))") }
        if let mtu { lines.append("MTU = \(mtu)") }
        lines += ["", "[Peer]", "PublicKey = \(gatewayKey)"]
        if let presharedKey { lines.append("PresharedKey = \(presharedKey.exposedText())") }
        lines += ["Endpoint = \(endpoint)", "AllowedIPs = \(Self.list(allowedIPs))"]
        if persistentKeepalive > 0 { lines.append("PersistentKeepalive = \(persistentKeepalive)") }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: ", ")
    }

    /// A text that stays in its comment: characters that end a line anywhere, and other control characters, are spaces.
    static func comment(_ text: String) -> String {
        var comment = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: comment.unicodeScalars.append(" ")
            default: comment.unicodeScalars.append(scalar)
            }
        }
        return comment
    }
}

extension DeviceConfiguration: CustomStringConvertible, CustomReflectable {
    /// Names the device, never its keys.
    public var description: String { "configuration of \(Self.comment(name))" }
    /// Shows nothing of the keys.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
