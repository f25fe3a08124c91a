internal import CLibMnl

/// WireGuard devices of the kernel module in one network namespace (`<linux/wireguard.h>`).
///
/// Every call blocks until the kernel has answered; use one socket from one thread at a time. The socket stays in the
/// namespace that the creating thread was in. All calls need `CAP_NET_ADMIN`.
public final class WireGuardSocket {
    private let generic: GenericSocket

    /// Which device is meant.
    public enum Selector: Hashable, Sendable {
        /// The device of this interface index.
        case index(Int32)
        /// The device of this interface name.
        case name(String)
    }

    /// Opens a socket in the thread's network namespace. Throws `NetlinkError.system`.
    public convenience init() throws(NetlinkError) { try self.init(GenericSocket()) }

    init(_ generic: GenericSocket) { self.generic = generic }

    /// Asks the kernel for WireGuard, which makes it load the module. Throws `NetlinkError.noSuchFamily` without one.
    public func checkSupport() throws(NetlinkError) { _ = try generic.family(named: WG_GENL_NAME) }

    /// Reads a device with all its peers.
    ///
    /// Throws `noSuchFamily` without the module, a refusal with `isNotFound` (`ENODEV`) when there is no such link, with
    /// `isNotSupported` when the link is not a WireGuard device.
    public func device(_ selector: Selector) throws(NetlinkError) -> WireGuardDevice {
        try withFamily { (family) throws(NetlinkError) in
            let empty = WireGuardDevice(index: 0, name: "")
            let request = WireGuardDevice.getRequest(family, selector)
            return try generic.conversation.dump(request, empty, "show WireGuard device \(selector)") {
                (device, message, bytes) throws(NetlinkError) in
                if message.type == Int(family.id) { try device.merge(message, in: bytes) }
            }
        }
    }

    /// Changes a device, in as many messages as it takes; each is carried out or refused on its own, in order.
    ///
    /// A refusal leaves what earlier messages and earlier peers of the same message did in place.
    public func setDevice(_ selector: Selector, _ configuration: WireGuardConfiguration) throws(NetlinkError) {
        try withFamily { (family) throws(NetlinkError) in
            for message in WireGuardPacking.messages(configuration, of: selector, family: family) {
                try generic.conversation.execute(message: message, "set WireGuard device \(selector)")
            }
        }
    }

    /// The family has another id after its module was unloaded and loaded again; the old one then gives ENOENT.
    private func withFamily<Result>(
        _ body: (GenericFamily) throws(NetlinkError) -> Result
    ) throws(NetlinkError) -> Result {
        do throws(NetlinkError) {
            return try body(generic.family(named: WG_GENL_NAME))
        } catch .refused(let refusal) where refusal.errno == ENOENT {
            generic.forgetFamilies()
            return try body(generic.family(named: WG_GENL_NAME))
        }
    }
}

extension WireGuardSocket.Selector: CustomStringConvertible {
    /// The name or the index.
    public var description: String {
        switch self {
        case .index(let index): "\(index)"
        case .name(let name): name
        }
    }

    func put(into request: inout MessageBuilder) {
        switch self {
        case .index(let index): request.put(WGDEVICE_A_IFINDEX, index)
        case .name(let name): request.put(WGDEVICE_A_IFNAME, name)
        }
    }
}
