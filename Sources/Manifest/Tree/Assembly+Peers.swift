import Model

extension Assembly {
    /// Finds the interface of each peer.
    mutating func resolveOwners() {
        owners.reserveCapacity(peers.count)
        for index in peers.indices {
            guard peers[index].valid.contains(PeerKind.interface) else {
                owners.append(nil)
                continue
            }
            let name = peers[index].object.interface
            let owner = interfaceIndex[name]
            owners.append(owner)
            guard owner == nil, !mayHoldMore else { continue }
            report(
                peers[index], PeerKind.interface, .danglingReference,
                "\(label(index)): there is no Interface \"\(name)\"",
                suggestion: suggestion(forInterface: name))
        }
    }

    private struct Name: Hashable {
        var interface: String
        var name: String
    }

    /// Names, DNS labels, public keys and identifiers are unique.
    mutating func checkIdentities() {
        guard !arePeersDistinct else { return }
        var names: [Name: Int] = [:]
        var labels: [Name: Int] = [:]
        var keys: [PublicKey: Int] = [:]
        var identifiers: [String: Int] = [:]
        names.reserveCapacity(peers.count)
        labels.reserveCapacity(peers.count)
        keys.reserveCapacity(peers.count)
        for index in peers.indices {
            let hasInterface = peers[index].valid.contains(PeerKind.interface)
            let interface = peers[index].object.interface
            if hasInterface, peers[index].valid.contains(PeerKind.name) {
                let name = Name(interface: interface, name: peers[index].object.name)
                if let first = claim(name, index, in: &names) {
                    report(
                        peers[index], PeerKind.name, .duplicateIdentity,
                        "\(label(index)) stands twice, first at \(peers[first].location(of: PeerKind.name))",
                        suggestion: "remove or rename one of them")
                    continue
                }
                checkLabel(index, interface, &labels)
            }
            if peers[index].valid.contains(PeerKind.publicKey) { checkKey(index, &keys) }
            if let identifier = peers[index].object.id, let first = claim(identifier, index, in: &identifiers) {
                report(
                    peers[index], PeerKind.id, .duplicateID,
                    "id of \(label(index)) is also that of \(label(first))"
                        + " (\(peers[first].location(of: PeerKind.id)))",
                    suggestion: "remove the id of the copy")
            }
        }
    }

    /// Who has it already, or nil after taking it.
    private func claim<Key: Hashable>(_ key: Key, _ index: Int, in owners: inout [Key: Int]) -> Int? {
        let count = owners.count
        let owner = owners[key, default: index]
        if owner == index { owners[key] = index }
        return owners.count == count ? owner : nil
    }

    private mutating func checkLabel(_ index: Int, _ interface: String, _ labels: inout [Name: Int]) {
        let dnsName = peers[index].object.dnsName
        guard !dnsName.isEmpty else { return }
        guard let first = claim(Name(interface: interface, name: dnsName), index, in: &labels) else { return }
        let isWritten = peers[index].present.contains(PeerKind.dnsName)
        report(
            peers[index], isWritten ? PeerKind.dnsName : PeerKind.name, .duplicateDNSName,
            "dns_name \"\(dnsName)\" of \(label(index)) is also that of \(label(first))"
                + " (\(peers[first].location(of: PeerKind.name)))",
            suggestion: "give one of them another dns_name: \(dnsName)-2")
    }

    /// One key is one peer of an interface; the same key on two interfaces works but ties them together.
    private mutating func checkKey(_ index: Int, _ keys: inout [PublicKey: Int]) {
        guard let first = claim(peers[index].object.publicKey, index, in: &keys) else { return }
        let sameInterface = peers[first].object.interface == peers[index].object.interface
        report(
            peers[index], PeerKind.publicKey, .duplicatePublicKey,
            "public_key of \(label(index)) is also that of \(label(first))"
                + " (\(peers[first].location(of: PeerKind.publicKey)))",
            suggestion: "make a key of its own: wg genkey | tee \(peers[index].object.dnsName).key | wg pubkey",
            severity: sameInterface ? .error : .warning)
    }

    /// Peers whose time is over.
    mutating func checkExpiry() {
        for index in peers.indices {
            guard let expiry = peers[index].object.expiresAt, expiry <= now else { continue }
            report(
                peers[index], PeerKind.expiresAt, .expired,
                "\(label(index)) expired at \(expiry): it can't connect",
                suggestion: "remove the document, or set a later time", severity: .warning)
        }
    }
}
