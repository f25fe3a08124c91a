public import Manifest
import Model

/// Questions about the settings.
public enum SettingsQuery {
    /// The names of all fields, nested ones with dots, and whether the document of the settings gives them a value.
    ///
    /// - Throws: ``GatewayFailure`` when the document can't be read.
    public static func origins(in tree: ManifestTree) throws(GatewayFailure) -> [(field: String, isDeclared: Bool)] {
        let root = tree.place(of: .settings) == nil ? nil : try Draft(tree).root(.settings)
        return leaves(ObjectView.settings(tree.settings), []).map { path in
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
