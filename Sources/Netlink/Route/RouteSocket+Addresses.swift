internal import CLibMnl

extension RouteSocket {
    /// The IPv4 and IPv6 addresses of all links, or of one link.
    public func addresses(linkIndex: Int32? = nil) throws(NetlinkError) -> [Address] {
        var addresses: [Address] = []
        for family in NetlinkFamily.allCases {
            let request = Address.dumpRequest(family, linkIndex: linkIndex ?? 0)
            addresses += try conversation.dump(request, [], "list addresses") {
                (found: inout [Address], message, bytes) throws(NetlinkError) in
                guard message.type == RTM_NEWADDR, let address = try Address(decoding: message, in: bytes) else {
                    return
                }
                // Kernels without strict checking ignore the filter; one without IPv6 answers for all families.
                guard address.prefix.address.family == family else { return }
                if linkIndex == nil || linkIndex == address.linkIndex { found.append(address) }
            }
        }
        return addresses
    }

    /// Adds an address. Throws a refusal with `isAlreadyExisting` when the link has it.
    ///
    /// `originator` needs Linux 5.18; older kernels ignore it.
    public func addAddress(_ address: Address) throws(NetlinkError) {
        try conversation.execute(
            address.addRequest, "add address \(address.prefix) to link \(address.linkIndex)")
    }

    /// Removes an address. Throws a refusal with `isNotFound` (`EADDRNOTAVAIL`) when the link doesn't have it.
    public func deleteAddress(_ address: Address) throws(NetlinkError) {
        try conversation.execute(
            address.deleteRequest, "delete address \(address.prefix) from link \(address.linkIndex)")
    }
}
