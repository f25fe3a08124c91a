import Manifest
import Model

extension Draft {
    /// Adds a rule behind those of the file that rules are added to; the file is made if it is not there.
    ///
    /// - Returns: the rule as the file says it now.
    mutating func addDNSRule(_ fields: [EditField], for identity: ObjectIdentity) throws(GatewayFailure)
        -> PlacedDNSRule
    {
        let path = NewFile.dnsRules
        let group = ObjectIdentity.dnsRules(in: path)
        if let place = tree.place(of: group) {
            try edit(place, [.append(document: place.document, path: ["rules"], value: .map(fields))], for: identity)
        } else {
            let document: [EditField] = [
                EditField("kind", .string(group.kind)), EditField("rules", .list([.map(fields)])),
            ]
            if tree.file(at: path) == nil {
                try create(group, at: path, modeline: modeline(path, group), Array(document.dropFirst()), for: identity)
            } else {
                try rewrite(path, [.addDocument(.map(document))], for: identity)
            }
        }
        guard let place = tree.place(of: group), let rules = tree.dnsRules(at: place), let rule = rules[rules.count - 1]
        else { throw .failed("\(path) does not hold the rule that was added to it") }
        return rule
    }

    private func modeline(_ path: String, _ group: ObjectIdentity) -> String? {
        let sibling =
            tree.dnsRules.first?.place ?? tree.interfaces.first.flatMap { tree.place(of: .interface($0.name)) }
        return NewFile.modeline(kind: group.kind, for: path, like: sibling?.path, in: tree)
    }

    /// Removes rules; a document that is left without any goes with them, and a file without documents too.
    mutating func removeDNSRules(_ rules: [PlacedDNSRule], for identity: ObjectIdentity) throws(GatewayFailure) {
        var paths: [String] = []
        for rule in rules where !paths.contains(rule.place.path) { paths.append(rule.place.path) }
        for path in paths {
            let here = rules.filter { $0.place.path == path }
            var edits: [Edit] = []
            // From the end, so that the numbers of those before stay.
            for document in Set(here.map(\.place.document)).sorted(by: >) {
                edits += try removals(here.filter { $0.place.document == document }, document: document, path)
            }
            try remove(edits, from: path, for: identity)
        }
    }

    private func removals(_ rules: [PlacedDNSRule], document: Int, _ path: String) throws(GatewayFailure) -> [Edit] {
        let items = rules.compactMap(\.item)
        guard !items.isEmpty, let place = rules.first?.place else { return [.removeDocument(document)] }
        if tree.dnsRules(at: place)?.count ?? 0 > items.count {
            return items.sorted(by: >).map { .removeItem(document: document, path: ["rules"], index: $0) }
        }
        let hasLines = try root(at: place, [])["adblock"] != nil
        return [hasLines ? .remove(document: document, path: ["rules"]) : .removeDocument(document)]
    }

    /// Removes lines of `adblock` blocks: every line that says one of `texts` in the documents of `lines`.
    mutating func removeDNSFilterLines(
        _ lines: [PlacedDNSFilterLine], for identity: ObjectIdentity
    ) throws(GatewayFailure) {
        let texts = Set(lines.map(\.line.text))
        var places: [ObjectPlace] = []
        for line in lines where !places.contains(line.place) { places.append(line.place) }
        // From the end, so that the numbers of the documents before stay.
        for place in places.sorted(by: { $0.document > $1.document }) {
            let root = try root(at: place, [])
            guard case .scalar(let scalar)? = root["adblock"]?.content else { continue }
            let kept = scalar.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .map { String(Substring($0)) }.filter { !texts.contains(Self.trimmed($0)) }.joined(separator: "\n")
            if kept.utf8.contains(where: { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: " ") }) {
                try edit(
                    place, [.set(document: place.document, path: ["adblock"], value: .string(kept))], for: identity)
            } else if root["rules"] != nil {
                try edit(place, [.remove(document: place.document, path: ["adblock"])], for: identity)
            } else {
                try remove([.removeDocument(place.document)], from: place.path, for: identity)
            }
        }
    }

    /// Without blanks at both ends, as a line of a block is read.
    private static func trimmed(_ line: String) -> String {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let bytes = line.utf8.drop(while: isBlank)
        return bytes.lastIndex { !isBlank($0) }.map { String(Substring(bytes[...$0])) } ?? ""
    }
}
