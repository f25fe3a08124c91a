import Manifest
import Model

/// Elements of an access document that name something, by their numbers.
struct AccessReferences {
    /// Of `from.peers`.
    var peers: [Int] = []
    /// Of `from.owners`.
    var owners: [Int] = []
    /// Of `from.interfaces`.
    var interfaces: [Int] = []
    /// Of `to`.
    var destinations: [Int] = []

    fileprivate var isEmpty: Bool {
        peers.isEmpty && owners.isEmpty && interfaces.isEmpty && destinations.isEmpty
    }

    /// Whether these are all selectors of the document.
    fileprivate func areAllSources(of rule: AccessRule) -> Bool {
        peers.count == rule.from.peers.count && owners.count == rule.from.owners.count
            && interfaces.count == rule.from.interfaces.count && rule.from.labels.isEmpty
    }
}

extension Draft {
    /// Removes elements of an access document, or all of it where nobody is left that it is about.
    ///
    /// - Returns: what happened, for the words of the commit; nil: nothing.
    /// - Throws: ``GatewayFailure/conflict(_:)`` where the document would be left without a destination while it holds
    ///   peers back from everything else: with it they would be let in there without a word.
    mutating func remove(
        _ references: AccessReferences, of rule: AccessRule, for identity: ObjectIdentity
    ) throws(GatewayFailure) -> String? {
        guard !references.isEmpty else { return nil }
        let isAboutNobody = references.areAllSources(of: rule)
        let leadsNowhere = references.destinations.count == rule.to.count
        guard isAboutNobody || !leadsNowhere || rule.effectiveFallback == .allow else {
            throw .conflict(
                "access document \(rule.name) leads nowhere else and holds its peers back from the rest, which would be"
                    + " lost with it: change or remove it first")
        }
        guard !isAboutNobody, !leadsNowhere else {
            try remove([.access(rule.name)])
            return "access document \(rule.name) goes with it"
        }
        let place = try place(.access(rule.name))
        let edits =
            try removals(references.peers, of: ["from", "peers"], at: place)
            + removals(references.owners, of: ["from", "owners"], at: place, all: rule.from.owners)
            + removals(references.interfaces, of: ["from", "interfaces"], at: place, all: rule.from.interfaces)
            + removals(references.destinations, of: ["to"], at: place)
        try edit(place, edits, for: identity)
        return "access document \(rule.name) does not name it any more"
    }

    /// What takes elements out of a list.
    ///
    /// - Parameter all: the elements, where one text may stand for several.
    private func removals(
        _ items: [Int], of path: [String], at place: ObjectPlace, all: [String] = []
    ) throws(GatewayFailure) -> [Edit] {
        guard !items.isEmpty else { return [] }
        if case .list(let elements) = try root(at: place, path).content, elements.count > items.count {
            // From the end, so that the numbers of those before stay.
            return items.reversed().map { .removeItem(document: place.document, path: path, index: $0) }
        }
        let kept = all.indices.filter { !items.contains($0) }.map { EditValue.string(all[$0]) }
        return kept.isEmpty
            ? [.remove(document: place.document, path: path)]
            : [.set(document: place.document, path: path, value: .list(kept))]
    }

    /// Lets access documents say what a user is called now.
    mutating func renameOwner(from old: String, to new: String) throws(GatewayFailure) {
        for rule in tree.accessRules where rule.from.owners.contains(old) {
            let names = rule.from.owners.map { EditValue.string($0 == old ? new : $0) }
            try apply([FieldEdit(["from", "owners"], .set(.list(names)))], to: .access(rule.name))
        }
    }

    /// Removes a user from access documents; one that is about nobody else goes.
    ///
    /// - Parameter hasPeers: whether peers lose their owner with him.
    /// - Returns: what was removed, for the words of the commit.
    /// - Throws: ``GatewayFailure/conflict(_:)`` where a document would not be about his peers any more: they would be
    ///   let in elsewhere without a word.
    mutating func removeOwner(
        _ name: String, hasPeers: Bool, for identity: ObjectIdentity
    ) throws(GatewayFailure) -> [String] {
        var lines: [String] = []
        for rule in tree.accessRules {
            var references = AccessReferences()
            references.owners = rule.from.owners.indices.filter { rule.from.owners[$0] == name }
            guard !references.owners.isEmpty else { continue }
            guard !hasPeers else {
                throw .conflict(
                    "access document \(rule.name) is about the peers of user \(name), and would not be any more: name"
                        + " them there, or give them another owner first")
            }
            if let line = try remove(references, of: rule, for: identity) { lines.append(line) }
        }
        return lines
    }
}
