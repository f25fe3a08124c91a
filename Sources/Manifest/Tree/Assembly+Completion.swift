import Model

extension Assembly {
    /// Absent addresses and keys: what a write-back will put there, or the exact line to paste.
    mutating func completePeers() {
        var allocators: [AddressAllocator?] = []
        for index in peers.indices {
            let needsKeys = !peers[index].present.contains(PeerKind.publicKey)
            let needsAddress = !peers[index].present.contains(PeerKind.ip)
            let isGenerated =
                peers[index].valid.contains(PeerKind.presharedKey) && peers[index].object.presharedKey == nil
            guard needsKeys || needsAddress || isGenerated else { continue }
            if needsAddress, allocators.isEmpty { allocators = addressAllocators() }
            let addresses = needsAddress ? allocate(for: index, &allocators) : []
            let hasPresharedKey = peers[index].present.contains(PeerKind.presharedKey)
            let wantsPresharedKey = needsKeys && !hasPresharedKey && defaults.peers.presharedKeys
            let incomplete = IncompletePeer(
                peer: .peer(peers[index].object.name, of: peers[index].object.interface),
                location: peers[index].object.location, ip: addresses ?? [], needsKeys: needsKeys,
                needsPresharedKey: isGenerated || wantsPresharedKey)
            if addresses != nil, peers[index].isComplete { missing.append(incomplete) }
            switch completion {
            case .refused: reportAbsent(index, incomplete, isGenerated: isGenerated)
            case .writeBack:
                if addresses == nil { continue }
                if incomplete.needsKeys || incomplete.needsPresharedKey, defaults.repositoryID == nil {
                    reportUnsealable(index, incomplete)
                } else {
                    report(
                        at: peers[index], .missingField, incomplete.summary + ", written back by apply",
                        suggestion: incomplete.line, severity: .warning)
                }
                if needsAddress { peers[index].object.ip = incomplete.ip }
            }
        }
    }

    private var defaults: Settings { settings.first?.object ?? Settings() }

    /// One per interface, with the addresses that stand in documents taken.
    private func addressAllocators() -> [AddressAllocator?] {
        var used = [UsedAddresses](repeating: UsedAddresses(), count: interfaces.count)
        for index in peers.indices {
            if let owner = owners[index] { used[owner].insert(peers[index].object) }
        }
        return interfaces.indices.map { index in
            guard interfaces[index].valid.contains(InterfaceKind.address) else { return nil }
            let interface = interfaces[index].object
            return AddressAllocator(
                interface.address, used: used[index], quarantined: quarantined[interface.name] ?? [])
        }
    }

    /// The addresses of a peer that has none; nil after reporting why there are none.
    private mutating func allocate(for index: Int, _ allocators: inout [AddressAllocator?]) -> [IPAddress]? {
        guard let owner = owners[index], let addresses = allocate(&allocators[owner]) else {
            report(
                at: peers[index], .missingField, "\(label(index)) has no ip",
                suggestion: "ip: <an address inside a prefix of its interface>")
            return nil
        }
        switch addresses {
        case .success(let addresses): return addresses
        case .failure(let exhausted):
            report(
                at: peers[index], .poolExhausted, "\(label(index)) has no ip, and \(exhausted)",
                suggestion: "widen the prefix of \(label(interfaces[owner])) or remove peers")
            return nil
        }
    }

    private func allocate(_ allocator: inout AddressAllocator?) -> Result<[IPAddress], PoolExhausted>? {
        guard allocator != nil else { return nil }
        do throws(PoolExhausted) {
            return try (allocator?.allocate()).map { .success($0) }
        } catch {
            return .failure(error)
        }
    }

    private mutating func reportAbsent(_ index: Int, _ incomplete: IncompletePeer, isGenerated: Bool) {
        let name = peers[index].object.dnsName.isEmpty ? "peer" : peers[index].object.dnsName
        if incomplete.needsKeys {
            report(
                at: peers[index], .missingField, "\(label(index)) has no public_key",
                suggestion: "wg genkey | tee \(name).key | wg pubkey\npublic_key: <the line it prints>")
        }
        if isGenerated {
            let object = ShellWord.quoted("\(peers[index].object.interface)/\(peers[index].object.name)")
            report(
                peers[index], PeerKind.presharedKey, .missingField,
                "preshared_key of \(label(index)) is to be generated, and nothing may be written here",
                suggestion: "wg genpsk | wirebuddy secret seal --peer \(object) --field preshared_key"
                    + "\npreshared_key: <the line it prints>")
        }
        if let line = incomplete.line {
            report(at: peers[index], .missingField, "\(label(index)) has no ip", suggestion: line)
        }
    }

    private mutating func reportUnsealable(_ index: Int, _ incomplete: IncompletePeer) {
        let what = incomplete.needsKeys ? "no public_key" : "a preshared_key to be generated"
        report(
            at: peers[index], .missingField,
            "\(label(index)) has \(what), and a key made here can't be sealed without repository_id in Settings",
            suggestion: "add repository_id: <the line that uuidgen prints> to kind: Settings")
    }
}
