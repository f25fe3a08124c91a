import Glibc
import Model
import Netlink
import Reconciler

/// Links and their addresses, through rtnetlink. Every call blocks; use it from one thread at a time.
final class KernelLinks: LinkControl {
    private let socket: RouteSocket
    /// Whether this kernel tells who made an address (`IFA_PROTO`, since Linux 5.18).
    private let tellsOriginators: Bool

    init(_ socket: RouteSocket, kernel: KernelRelease? = .running) {
        self.socket = socket
        tellsOriginators = kernel.map { $0 >= KernelRelease(5, 18) } ?? true
    }

    /// Every link with its addresses, sorted by index.
    func observe() throws(BackendError) -> [ObservedLink] {
        let links = try asking { () throws(NetlinkError) in try socket.links(withStatistics: true) }
        // A link that appears between the two dumps is seen in the next pass: its event is on the way.
        var addresses: [Int32: [InterfaceAddress]] = [:]
        for address in try asking({ () throws(NetlinkError) in try socket.addresses() })
        where !isKernelMade(address) {
            addresses[address.linkIndex, default: []].append(InterfaceAddress(address.prefix))
        }
        return links.map { Self.observed($0, addresses: addresses[$0.index] ?? []) }.sorted { $0.index < $1.index }
    }

    func link(named name: String) throws(BackendError) -> ObservedLink? {
        try found(named: name).map { Self.observed($0, addresses: []) }
    }

    func change(_ name: String, _ change: LinkChange) throws(BackendError) {
        try self.change(LinkReference(name: name, index: nil), change)
    }

    func delete(_ name: String) throws(BackendError) { try delete(LinkReference(name: name, index: nil)) }

    /// Changes MTU, state or mark of the link meant; nil fields stay.
    func change(_ reference: LinkReference, _ change: LinkChange) throws(BackendError) {
        let link = try existing(reference)
        let mtu = change.mtu.map { UInt32(clamping: $0) }
        try asking { () throws(NetlinkError) in
            try socket.setLink(index: link.index, LinkChanges(mtu: mtu, isUp: change.isUp, alias: change.alias))
        }
    }

    /// Deletes the link meant. A link that is gone is success, and so is one of that name with another index.
    func delete(_ reference: LinkReference) throws(BackendError) {
        guard let link = try found(named: reference.name) else { return }
        if let index = reference.index, index != Int(link.index) { return }
        try tolerating(\.isNotFound) { () throws(NetlinkError) in try socket.deleteLink(index: link.index) }
    }

    /// Adds an address to the link meant; one that is there already is success.
    func add(_ address: InterfaceAddress, to reference: LinkReference) throws(BackendError) {
        let wanted = Self.address(address, on: try existing(reference).index)
        try tolerating(\.isAlreadyExisting) { () throws(NetlinkError) in try socket.addAddress(wanted) }
    }

    /// Removes an address from the link meant; one that is gone is success.
    func remove(_ address: InterfaceAddress, from reference: LinkReference) throws(BackendError) {
        guard let link = try found(named: reference.name) else { return }
        if let index = reference.index, index != Int(link.index) { return }
        let unwanted = Self.address(address, on: link.index)
        try tolerating(\.isNotFound) { () throws(NetlinkError) in try socket.deleteAddress(unwanted) }
    }

    /// The link a reference means. Throws when it is gone or another link has its name by now.
    func existing(_ reference: LinkReference) throws(BackendError) -> Link {
        guard let link = try found(named: reference.name) else {
            throw BackendError(.transient, "link \(reference.name) is gone")
        }
        if let index = reference.index, index != Int(link.index) {
            throw BackendError(
                .transient,
                "link \(reference.name) has index \(link.index), the plan saw \(index): it was made anew meanwhile")
        }
        return link
    }

    private func found(named name: String) throws(BackendError) -> Link? {
        do throws(NetlinkError) {
            return try socket.link(named: name)
        } catch  where error.isNotFound {
            return nil
        } catch {
            throw BackendError(error)
        }
    }

    /// The link-local IPv6 address that the kernel gives a link by itself. Kernels that don't say who made an address
    /// are taken to have made those of the usual shape.
    private func isKernelMade(_ address: Address) -> Bool {
        guard address.prefix.address.family == .ipv6, IPAddress(address.prefix.address).isLinkLocal else {
            return false
        }
        return tellsOriginators ? address.originator == Address.kernelLinkLocal : address.prefix.length == 64
    }

    private static func address(_ address: InterfaceAddress, on index: Int32) -> Address {
        // A tunnel has no neighbours that could have the address too.
        Address(
            linkIndex: index, prefix: address.netlink,
            flags: address.family == .ipv6 ? Address.noDuplicateDetection : 0)
    }

    private static func observed(_ link: Link, addresses: [InterfaceAddress]) -> ObservedLink {
        ObservedLink(
            index: Int(link.index), name: link.name, kind: link.kind ?? "", mtu: Int(link.mtu), isUp: link.isUp,
            alias: link.alias ?? "", addresses: addresses,
            traffic: link.statistics.map { TrafficBytes($0, kind: link.kind) })
    }
}

/// Runs a netlink call whose goal may be reached already.
func tolerating(
    _ reached: KeyPath<NetlinkError, Bool>, _ body: () throws(NetlinkError) -> Void
) throws(BackendError) {
    do throws(NetlinkError) { try body() } catch {
        guard !error[keyPath: reached] else { return }
        throw BackendError(error)
    }
}
