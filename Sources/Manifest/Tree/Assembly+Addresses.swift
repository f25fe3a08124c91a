import Model

extension Assembly {
    /// Tunnel addresses lie inside the interface's prefixes, are not reserved, and belong to one peer.
    mutating func checkAddresses() {
        // The prefixes of routes are compared with them later.
        let areAsked = !arePeersDistinct || peers.contains { !$0.object.routes.isEmpty }
        for index in peers.indices {
            guard let owner = owners[index], peers[index].valid.contains(PeerKind.ip) else { continue }
            let hasSubnets = interfaces[owner].valid.contains(InterfaceKind.address)
            let addresses = peers[index].object.ip
            for number in addresses.indices {
                let address = addresses[number]
                if hasSubnets, let fault = placeFault(address, owner) {
                    report(
                        peers[index], PeerKind.ip, item: number + 1, fault.code,
                        "ip \(address) of \(label(index)) \(fault.message)", suggestion: fault.suggestion)
                    continue
                }
                if areAsked, let first = usedAddresses[owner].updateValue(index, forKey: address) {
                    usedAddresses[owner][address] = first
                    let item = (peers[first].object.ip.firstIndex(of: address) ?? 0) + 1
                    report(
                        peers[index], PeerKind.ip, item: number + 1, .duplicateAddress,
                        "ip \(address) of \(label(index)) is also that of \(label(first))"
                            + " (\(peers[first].location(of: PeerKind.ip, item: item)))",
                        suggestion: "remove ip from one of them and run validate again for a free address")
                }
            }
        }
    }

    private struct Fault {
        var code: ProblemCode
        var message: String
        var suggestion: String?
    }

    private func placeFault(_ address: IPAddress, _ owner: Int) -> Fault? {
        guard let subnet = subnets[owner].first(where: { $0.prefix.contains(address) }) else {
            let prefixes = subnets[owner].map { "\($0.prefix)" }.joined(separator: ", ")
            return Fault(
                code: .addressOutsidePrefix,
                message: "is outside the prefixes of its interface (\(prefixes))",
                suggestion: "networks behind a peer go into routes")
        }
        if subnets[owner].contains(where: { $0.gateway == address }) {
            return Fault(code: .reservedAddress, message: "is the gateway's own address")
        }
        let free = subnet.prefix.family.bits - subnet.prefix.length
        if free > 1, subnet.prefix.address == address {
            return Fault(code: .reservedAddress, message: "is the network address of \(subnet.prefix)")
        }
        if free > 1, address.family == .ipv4, subnet.last == address {
            return Fault(code: .reservedAddress, message: "is the broadcast address of \(subnet.prefix)")
        }
        return nil
    }
}
