extension DNSSettings {
    /// Where the forwarder answers on an interface: port 53 of each of its addresses, or those of `listen` that are
    /// addresses of it. Empty while the forwarder or the interface is off.
    public func addresses(on interface: Interface) -> [SocketAddress] {
        guard enabled, interface.enabled else { return [] }
        let own = interface.address.map(\.address)
        switch listen {
        case .interfaces: return own.map { SocketAddress($0, port: 53) }
        case .addresses(let list): return list.filter { own.contains($0.address) }
        }
    }
}
