import Manifest
import Model

extension Intent {
    /// Adds a blocklist in `dns/lists/<name>.yaml`.
    ///
    /// - Parameter fields: everything but the name: at least `format` and either `url` or `file`.
    public static func createBlocklist(_ name: String, fields: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).create(
                fields, at: NewFile.blocklist(name, in: tree), beside: tree.blocklists.map(\.name), in: tree)
        }
    }

    /// Changes fields of a blocklist. Its name is its identity and stays.
    public static func updateBlocklist(_ name: String, _ edits: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).check(among: tree.blocklists.map(\.name), in: tree)
            return try document(name).update(edits, advice: "add another one, and name that in the peers", in: tree)
        }
    }

    /// Removes a blocklist. It is refused while peers name it: what they are filtered by would change without a word.
    public static func removeBlocklist(_ name: String) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try document(name).check(among: tree.blocklists.map(\.name), in: tree)
            let peers = tree.peers().filter { $0.dns.blocklists?.contains(name) ?? false }
            guard peers.isEmpty else {
                let names = peers.prefix(3).map { "\($0.interface)/\($0.name)" }.joined(separator: ", ")
                let more = peers.count > 3 ? " and \(peers.count - 3) more" : ""
                throw .conflict(
                    "blocklist \(name) is named by dns.blocklists of \(names)\(more): take it out there first")
            }
            return try document(name).remove(in: tree)
        }
    }

    private static func document(_ name: String) -> NamedDocument {
        NamedDocument(identity: .blocklist(name), noun: "blocklist")
    }
}
