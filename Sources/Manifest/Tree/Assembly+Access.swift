import Model

extension Assembly {
    /// Documents of access name objects that exist; warnings for what has no effect.
    mutating func checkAccess() {
        guard !access.isEmpty else { return }
        let first = index(access, AccessKind.kind.name, AccessKind.name) { $0.name }
        let users = usernames
        var selection = PeerSelection(peers, isIsolated: peers.indices.map(isIsolated), for: access)
        var groups: [AccessGroup.Sources: [AccessGroup.Member]] = [:]
        let own = ownAddresses
        for (number, declared) in access.enumerated() {
            let problems = problems.count
            let sources = resolveSources(declared, users)
            let destinations = resolveDestinations(declared)
            guard declared.isComplete, self.problems.count == problems else { continue }
            let found = selection.found(by: declared.object.from, peers: sources)
            checkSelection(declared, found)
            checkIsolation(declared, destinations, found)
            checkOwnAddresses(declared, own)
            guard first[declared.object.name] == number else { continue }
            groups[key(declared.object.from, sources), default: []].append(
                member(number, declared.object, destinations))
        }
        for members in groups.values where members.count > 1 { checkEffects(AccessGroup(members)) }
    }

    private func label(_ rule: Declared<AccessRule>) -> String { "Access \(Printable.quoted(rule.object.name))" }

    /// The peers that `from` names.
    private mutating func resolveSources(_ declared: Declared<AccessRule>, _ users: Set<String>) -> [Int] {
        let sources = declared.object.from
        var found: [Int] = []
        for (number, reference) in sources.peers.enumerated() {
            let item = FieldPositions.item(number + 1, of: AccessKind.peers)
            let subject = "from.peers of \(label(declared))"
            let peer = peer(reference, declared, AccessKind.from, item: item, subject: subject)
            if let peer { found.append(peer) }
        }
        guard !mayHoldMore else { return found }
        for (number, name) in sources.owners.enumerated() where !users.contains(name) {
            report(
                declared, AccessKind.from, item: FieldPositions.item(number + 1, of: AccessKind.owners),
                .danglingReference, "from.owners of \(label(declared)): there is no User \"\(name)\"",
                suggestion: suggestion(forUser: name, users) ?? "add the user: wirebuddy user add \(name)")
        }
        for (number, name) in sources.interfaces.enumerated() where interfaceIndex[name] == nil {
            report(
                declared, AccessKind.from, item: FieldPositions.item(number + 1, of: AccessKind.interfaces),
                .danglingReference, "from.interfaces of \(label(declared)): there is no Interface \"\(name)\"",
                suggestion: suggestion(forInterface: name))
        }
        return found
    }

    /// The peer of each destination; nil for a prefix.
    private mutating func resolveDestinations(_ declared: Declared<AccessRule>) -> [Int?] {
        var found: [Int?] = []
        for (number, destination) in declared.object.to.enumerated() {
            guard case .peer(let reference) = destination else {
                found.append(nil)
                continue
            }
            found.append(
                peer(reference, declared, AccessKind.to, item: number + 1, subject: "to of \(label(declared))"))
        }
        return found
    }

    private mutating func checkSelection(_ declared: Declared<AccessRule>, _ found: PeerSelection.Found) {
        guard !found.isAny, !mayHoldMore else { return }
        report(
            declared, AccessKind.from, item: onlySelector(declared.object.from), .noPeers,
            "from of \(label(declared)) finds no peer: the document has no effect",
            suggestion: "write labels that peers have, or name peers, owners or interfaces that have some",
            severity: .warning)
    }

    /// The place of the selector, where just one is used.
    private func onlySelector(_ sources: AccessSources) -> Int {
        let used = [
            (AccessKind.peers, sources.peers.isEmpty), (AccessKind.labels, sources.labels.isEmpty),
            (AccessKind.owners, sources.owners.isEmpty), (AccessKind.interfaces, sources.interfaces.isEmpty),
        ].filter { !$0.1 }
        return used.count == 1 ? FieldPositions.item(0, of: used[0].0) : 0
    }

    /// Isolation is stronger than any document.
    private mutating func checkIsolation(
        _ declared: Declared<AccessRule>, _ destinations: [Int?], _ found: PeerSelection.Found
    ) {
        guard declared.object.action == .allow else { return }
        for (number, destination) in destinations.enumerated() {
            guard let destination else { continue }
            if isIsolated(destination) {
                report(
                    declared, AccessKind.to, item: number + 1, .noEffect,
                    "to of \(label(declared)): \(label(destination)) is isolated, so no other peer reaches it",
                    suggestion: "isolated: false there, or remove it here", severity: .warning)
            } else if found.isAny, !found.isOpen {
                report(
                    declared, AccessKind.to, item: number + 1, .noEffect,
                    "to of \(label(declared)): the peers of from are isolated, so none of them reaches"
                        + " \(label(destination))",
                    suggestion: "isolated: false for them, or remove it here", severity: .warning)
            }
        }
    }

    /// The interfaces of the gateway's own addresses.
    private var ownAddresses: [IPAddress: String] {
        let all = interfaces.flatMap { declared in
            declared.object.address.map { ($0.address, declared.object.name) }
        }
        return Dictionary(all) { first, _ in first }
    }

    private mutating func checkOwnAddresses(_ declared: Declared<AccessRule>, _ own: [IPAddress: String]) {
        for (number, destination) in declared.object.to.enumerated() {
            guard case .prefix(let prefix) = destination, prefix.isHost, let interface = own[prefix.address] else {
                continue
            }
            report(
                declared, AccessKind.to, item: number + 1, .noEffect,
                "to of \(label(declared)) has \(prefix.address), an address of the gateway itself: Access does not"
                    + " govern what peers reach there, input of their Interface does",
                suggestion: "remove it, and set input of Interface \"\(interface)\"", severity: .warning)
        }
    }

    private func key(_ sources: AccessSources, _ peers: [Int]) -> AccessGroup.Sources {
        AccessGroup.Sources(
            peers: Set(peers), labels: sources.labels, owners: Set(sources.owners),
            interfaces: Set(sources.interfaces))
    }

    private func member(_ number: Int, _ rule: AccessRule, _ destinations: [Int?]) -> AccessGroup.Member {
        let parts = zip(rule.to, destinations).map { destination, peer in
            switch destination {
            case .prefix(let prefix): AccessScope.Part(peer: nil, prefixes: [prefix])
            case .peer: AccessScope.Part(peer: peer, prefixes: peer.map(addresses) ?? [])
            }
        }
        return AccessGroup.Member(
            document: number, action: rule.action, fallback: rule.effectiveFallback,
            scope: AccessScope(parts, ports: rule.ports))
    }

    /// The addresses of a peer and the networks behind it; empty while it has none.
    private func addresses(_ peer: Int) -> [Prefix] {
        peers[peer].valid.contains(PeerKind.ip) ? peers[peer].object.serverAllowedIPs : []
    }

    private mutating func checkEffects(_ group: AccessGroup) {
        for (number, member) in group.members.enumerated() {
            let declared = access[member.document]
            if let shadow = group.shadow(of: number) {
                let other = access[shadow.document]
                let name = Printable.quoted(other.object.name)
                report(
                    declared, AccessKind.to, .noEffect,
                    "\(label(declared)) allows nothing: \(label(other)) (\(other.location(of: AccessKind.to))) denies"
                        + " all of it to the same peers, and deny wins",
                    suggestion: member.fallback == .deny
                        ? "let \(name) deny less, or write default: deny there and remove this one"
                        : "remove it, or let \(name) deny less", severity: .warning)
            } else if let duplicate = group.duplicate(of: number) {
                let other = access[duplicate.document]
                let verb = duplicate.action == .allow ? "allows" : "denies"
                report(
                    declared, AccessKind.to, .noEffect,
                    "\(label(declared)) has no effect: \(label(other)) (\(other.location(of: AccessKind.to)))"
                        + " \(verb) all of it to the same peers",
                    suggestion: "remove it", severity: .warning)
            }
        }
    }
}
