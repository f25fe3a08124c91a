import Model

extension Assembly {
    /// The peer that a document names, by its index; nil after reporting that there is no such peer, or several.
    ///
    /// - Parameters:
    ///   - subject: what names it, for messages: `client of DNSRule "ads.example.com"`.
    ///   - hint: what to write, where nothing similar exists.
    mutating func peer<Object>(
        _ reference: PeerReference, _ declared: Declared<Object>, _ field: Int, item: Int = 0, subject: String,
        hint: String = "write the name of a peer, or its interface and name"
    ) -> Int? {
        switch peerNames.find(reference) {
        case .peer(let number): return number
        case .several(let choices):
            report(
                declared, field, item: item, .ambiguousReference,
                "\(subject): there are \(choices.count) peers \(Printable.quoted(reference.name)):"
                    + " \(choices.joined(separator: ", "))",
                suggestion: "write \(choices.joined(separator: " or "))")
        case .none(let suggestion):
            guard !mayHoldMore else { return nil }
            report(
                declared, field, item: item, .danglingReference,
                "\(subject): there is no Peer \(Printable.quoted(reference.name))"
                    + (reference.interface.map { " of \($0)" } ?? ""),
                suggestion: suggestion ?? hint)
        }
        return nil
    }

    /// The first document of each name; reports the others.
    mutating func index<Object>(
        _ documents: [Declared<Object>], _ kind: String, _ field: Int, name: (Object) -> String
    ) -> [String: Int] {
        var index: [String: Int] = [:]
        for (number, declared) in documents.enumerated() where declared.valid.contains(field) {
            let name = name(declared.object)
            guard let first = index[name] else {
                index[name] = number
                continue
            }
            report(
                declared, field, .duplicateIdentity,
                "\(kind) \"\(name)\" stands twice, first at \(documents[first].location(of: field))",
                suggestion: "remove or rename one of them")
        }
        return index
    }

    /// What to write instead of the name of an interface that does not exist.
    func suggestion(forInterface name: String) -> String {
        let names = interfaceIndex.keys.sorted()
        if let close = Spelling.closest(to: name, in: names) { return "did you mean \"\(close)\"?" }
        return names.isEmpty
            ? "add a document with kind: Interface, name: \(name)" : "interfaces: " + names.joined(separator: ", ")
    }

    /// Whether a peer may not reach other peers, nor they it.
    func isIsolated(_ peer: Int) -> Bool {
        peers[peer].object.isolated ?? owners[peer].map { interfaces[$0].object.isolatePeers } ?? false
    }
}
