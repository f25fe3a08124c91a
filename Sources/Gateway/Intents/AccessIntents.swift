import Manifest
import Model

extension Intent {
    /// Adds an access document in `access/<name>.yaml`.
    ///
    /// - Parameter fields: everything but the name: at least `from` and `to`.
    public static func createAccess(_ name: String, fields: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).create(
                fields, at: NewFile.access(name, in: tree), beside: tree.accessRules.map(\.name), in: tree)
        }
    }

    /// Changes fields of an access document. Its name is its identity and stays.
    public static func updateAccess(_ name: String, _ edits: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).check(among: tree.accessRules.map(\.name), in: tree)
            return try document(name).update(edits, advice: "add another one, and remove this one", in: tree)
        }
    }

    /// Removes an access document.
    public static func removeAccess(_ name: String) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).check(among: tree.accessRules.map(\.name), in: tree)
            return try document(name).remove(in: tree)
        }
    }

    private static func document(_ name: String) -> NamedDocument {
        NamedDocument(identity: .access(name), noun: "access document")
    }
}
