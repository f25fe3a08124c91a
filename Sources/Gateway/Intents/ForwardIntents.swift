import Manifest
import Model

extension Intent {
    /// Adds a forward in `forwards/<name>.yaml`.
    ///
    /// - Parameter fields: everything but the name: at least `port` and `to`.
    public static func createForward(_ name: String, fields: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).create(
                fields, at: NewFile.forward(name, in: tree), beside: tree.forwards.map(\.name), in: tree)
        }
    }

    /// Changes fields of a forward. Its name is its identity and stays.
    public static func updateForward(_ name: String, _ edits: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).check(among: tree.forwards.map(\.name), in: tree)
            return try document(name).update(edits, advice: "add another one, and remove this one", in: tree)
        }
    }

    /// Removes a forward: its port leads nowhere any more.
    public static func removeForward(_ name: String) -> Intent {
        Intent(isRevocation: true) { tree throws(GatewayFailure) in
            try document(name).check(among: tree.forwards.map(\.name), in: tree)
            return try document(name).remove(in: tree)
        }
    }

    private static func document(_ name: String) -> NamedDocument {
        NamedDocument(identity: .forward(name), noun: "forward")
    }
}
