import Manifest
import Model

/// What is written.
enum LoadKind {
    /// The description of a peer of `wg0` with a file of its own.
    case peers
    /// A rule among all others in one file: added, changed and removed in turns.
    case rules

    /// The file of a write.
    func path(_ number: Int) -> String {
        switch self {
        case .peers: "peers/wg0/peer-\(number).yaml"
        case .rules: "dns/rules.yaml"
        }
    }

    /// What a write of a number does, with a text that nobody else writes.
    func change(_ number: Int, _ text: String, in tree: ManifestTree) throws -> TreeChange {
        switch self {
        case .peers: describePeer(number, text, in: tree)
        case .rules: try changeRule(number, text, in: tree)
        }
    }

    private func describePeer(_ number: Int, _ text: String, in tree: ManifestTree) -> TreeChange {
        let key = tree.peer("peer-\(number)", of: "wg0")?.publicKey ?? PublicKey(words: (UInt64(number) + 1, 7, 7, 7))
        let address = "10.\(8 + (number + 2) / 65536).\((number + 2) / 256 % 256).\((number + 2) % 256)"
        let content = """
            kind: Peer
            name: peer-\(number)
            interface: wg0
            ip: \(address)
            public_key: \(key)
            description: \(text)

            """
        return TreeChange(
            subject: "Describe peer peer-\(number) of wg0",
            files: [FileChange(path: path(number), content: Array(content.utf8))])
    }

    private func changeRule(_ number: Int, _ text: String, in tree: ManifestTree) throws -> TreeChange {
        let path = path(number)
        let rules = tree.dnsRules(in: path)
        let edit: Edit
        switch number % 3 {
        case 0:
            let fields = [EditField("action", .string("block")), EditField("domain", .string("\(text).example.com"))]
            edit = .append(document: 0, path: ["rules"], value: .map(fields))
        case 1: edit = .set(document: 0, path: ["rules", "\(rules.count / 2)", "comment"], value: .string(text))
        default: edit = .removeItem(document: 0, path: ["rules"], index: rules.count / 3)
        }
        let content = try ManifestEditor.apply(
            [edit], to: try tree.bytes(of: path) ?? [], path: path, known: tree.file(at: path))
        return TreeChange(subject: "Change a rule", files: [FileChange(path: path, content: content)])
    }
}
