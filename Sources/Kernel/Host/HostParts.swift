import Model
import Netlink
import Reconciler

/// The parts of a host, with the sockets they share. Belongs to the backend's thread.
final class HostParts {
    let links: KernelLinks
    let routes: KernelRoutes
    let kernelWireGuard: KernelWireGuard
    let userspaceWireGuard: UserspaceWireGuard
    let firewall: NftablesFirewall
    let sysctls = SysctlFile()

    /// Opens the sockets in the thread's network namespace.
    init(_ options: HostBackend.Options, watch: ProcessWatch) throws(BackendError) {
        let route = try asking { () throws(NetlinkError) in try RouteSocket() }
        links = KernelLinks(route)
        routes = KernelRoutes(route)
        kernelWireGuard = KernelWireGuard(
            links: route, devices: try asking { () throws(NetlinkError) in try WireGuardSocket() })
        userspaceWireGuard = UserspaceWireGuard(
            program: UserspaceProgram(program: options.userspaceProgram), links: links, watch: watch,
            publicKey: options.publicKey)
        firewall = NftablesFirewall(program: NftablesProgram(), digest: options.digest, generation: Self.generation())
    }

    /// The implementation that owns a link of this kind; nil for links that carry no WireGuard.
    func implementation(ofKind kind: String?) -> (any WireGuardImplementation)? {
        switch kind {
        case "wireguard": kernelWireGuard
        case "tun": userspaceWireGuard
        default: nil
        }
    }

    /// Reads the generation of the ruleset; the socket is opened at the first question.
    private static func generation() -> () throws(BackendError) -> UInt32 {
        var socket: NetfilterSocket?
        return { () throws(BackendError) in
            try asking { () throws(NetlinkError) in
                let opened = if let socket { socket } else { try NetfilterSocket() }
                socket = opened
                return try opened.generation().id
            }
        }
    }
}
