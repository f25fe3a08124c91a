internal import CLibMnl

extension RouteSocket {
    /// All links of the namespace, in the kernel's order; with what moved on them only when that is asked for.
    public func links(withStatistics: Bool = false) throws(NetlinkError) -> [Link] {
        try conversation.dump(Link.dumpRequest(), [], "list links") {
            (links, message, bytes) throws(NetlinkError) in
            guard message.type == RTM_NEWLINK else { return }
            links.append(try Link(decoding: message, in: bytes, withStatistics: withStatistics))
        }
    }

    /// The link of this name. Throws a refusal with `isNotFound` when there is none.
    public func link(named name: String) throws(NetlinkError) -> Link {
        try conversation.get(Link.getRequest(name: name), "show link \(name)", decode: Self.link)
    }

    /// The link of this index. Throws a refusal with `isNotFound` when there is none.
    public func link(index: Int32) throws(NetlinkError) -> Link {
        try conversation.get(Link.getRequest(index: index), "show link \(index)", decode: Self.link)
    }

    /// Creates a link, switched off, and returns it as the kernel made it.
    ///
    /// The kernel takes the alias only in a second request, so a crash may leave a link without it; when that request
    /// fails the link is deleted again. Throws a refusal with `isAlreadyExisting` for a name in use, with
    /// `isNotSupported` for a kind the kernel lacks (for wireguard: the module is not there).
    public func addLink(
        named name: String, kind: LinkKind, mtu: UInt32? = nil, alias: String? = nil
    ) throws(NetlinkError) -> Link {
        let operation = "add link \(name) of kind \(kind.name)"
        try conversation.execute(Link.addRequest(name: name, kind: kind, mtu: mtu), operation)
        var link = try link(named: name)
        guard let alias else { return link }
        do throws(NetlinkError) {
            try setLink(index: link.index, LinkChanges(alias: alias))
        } catch {
            try? deleteLink(index: link.index)
            throw error
        }
        link.alias = alias
        return link
    }

    /// Changes a link's MTU, state, alias or namespace.
    public func setLink(index: Int32, _ changes: LinkChanges) throws(NetlinkError) {
        try conversation.execute(Link.setRequest(index: index, changes), "set link \(index)")
    }

    /// Deletes a link. Throws a refusal with `isNotFound` when there is none, with `isNotSupported` for a device that
    /// can't be deleted.
    public func deleteLink(index: Int32) throws(NetlinkError) {
        try conversation.execute(Link.deleteRequest(index: index), "delete link \(index)")
    }

    private static func link(_ message: Message, _ bytes: RawSpan) throws(NetlinkError) -> Link? {
        message.type == RTM_NEWLINK ? try Link(decoding: message, in: bytes) : nil
    }
}
