public import Manifest
public import Model

/// Questions about the settings.
public enum SettingsQuery {
    /// The names of all fields, nested ones with dots, and whether the document of the settings gives them a value.
    ///
    /// - Throws: ``GatewayFailure`` when the document can't be read.
    public static func origins(in tree: ManifestTree) throws(GatewayFailure) -> [(field: String, isDeclared: Bool)] {
        try origins(of: ObjectView.settings(tree.settings), .settings, in: tree)
    }

    /// The same of the settings of the DNS forwarder.
    ///
    /// - Throws: ``GatewayFailure`` when the document can't be read.
    public static func dnsOrigins(
        in tree: ManifestTree
    ) throws(GatewayFailure) -> [(field: String, isDeclared: Bool)] {
        try origins(of: ObjectView.dnsSettings(dnsSettings(in: tree)), .dnsSettings, in: tree)
    }

    /// The settings of the DNS forwarder that count: without a document there is none, and it does not run.
    public static func dnsSettings(in tree: ManifestTree) -> DNSSettings {
        if let settings = tree.dnsSettings { return settings }
        var settings = DNSSettings(location: SourceLocation(path: "", line: 1, column: 1))
        settings.enabled = false
        return settings
    }

    private static func origins(
        of fields: [(String, JSONValue)], _ identity: ObjectIdentity, in tree: ManifestTree
    ) throws(GatewayFailure) -> [(field: String, isDeclared: Bool)] {
        let root = tree.place(of: identity) == nil ? nil : try Draft(tree).root(identity)
        return leaves(fields, []).map { path in
            let node = path.reduce(root) { node, key in node?[key] }
            return (path.joined(separator: "."), node != nil)
        }
    }

    private static func leaves(_ fields: [(String, JSONValue)], _ path: [String]) -> [[String]] {
        fields.flatMap { name, value -> [[String]] in
            if case .object(let nested) = value { return leaves(nested, path + [name]) }
            return [path + [name]]
        }
    }
}
