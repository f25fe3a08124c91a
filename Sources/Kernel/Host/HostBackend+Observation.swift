import Glibc
public import Model
public import Reconciler

extension HostBackend {
    /// Reads the host as ``Backend`` says. Throws a ``BackendError`` when neither links nor routes nor the firewall
    /// could be read.
    public func observe(_ request: ObservationRequest) async throws -> ObservedState {
        let parts = try parts()
        var look = HostLook(
            state: ObservedState(takenAt: options.clock.now(), host: try HostIdentity.ofThisThread()), request: request)
        look.readLinks(parts)
        look.readRoutes(parts)
        await look.readFirewall(parts)
        look.readSysctls(parts)
        look.readListeners()
        if let failure = look.failure { throw failure }
        return look.state
    }
}

/// One look at the host, part by part. A part that fails is noted and leaves the others alone.
private struct HostLook {
    var state: ObservedState
    let request: ObservationRequest
    private var uplinks: [AddressFamily: Set<String>] = [:]
    private var firstError: BackendError?

    init(state: ObservedState, request: ObservationRequest) {
        self.state = state
        self.request = request
    }

    /// The error to throw when nothing could be read.
    var failure: BackendError? {
        let failed = Set(state.unreadable.map(\.part))
        return failed.isSuperset(of: [.links, .routes, .firewall]) ? firstError : nil
    }

    private mutating func note(_ part: UnreadablePart.Part, _ error: BackendError) {
        state.unreadable.append(UnreadablePart(part, reason: error.message))
        if firstError == nil { firstError = error }
    }

    mutating func readLinks(_ parts: HostParts) {
        do throws(BackendError) { state.kernelWireGuard = try parts.kernelWireGuard.isSupported() } catch {
            // What can't be asked is not offered; links that exist already are read all the same.
            state.kernelWireGuard = false
        }
        do throws(BackendError) { state.links = try parts.links.observe() } catch {
            note(.links, error)
            for name in request.interfaces { note(.device(name), error) }
            return
        }
        let kinds = Dictionary(state.links.lazy.map { ($0.name, $0.kind) }) { first, _ in first }
        for name in request.interfaces {
            guard let implementation = parts.implementation(ofKind: kinds[name]) else { continue }
            do throws(BackendError) { state.devices[name] = try implementation.observe(name) } catch {
                note(.device(name), error)
            }
        }
    }

    mutating func readRoutes(_ parts: HostParts) {
        let names = Set(request.interfaces)
        let managed = Set(state.links.lazy.filter { names.contains($0.name) }.map(\.index))
        do throws(BackendError) {
            state.rules = try parts.routes.rules()
            state.routes = try parts.routes.routes(through: managed.sorted(), links: state.links)
            state.defaultRouteMTU = try parts.routes.defaultRouteMTU(links: state.links, managed: managed)
            state.routeMTUs = try parts.routes.mtus(
                to: request.destinations, links: state.links, managed: managed, rules: state.rules)
            state.routerAdvertisementLinks = try parts.routes.routerAdvertisementLinks(links: state.links)
            uplinks = try parts.routes.uplinks(links: state.links, managed: managed)
        } catch {
            note(.routes, error)
        }
    }

    mutating func readFirewall(_ parts: HostParts) async {
        do throws(BackendError) {
            state.firewall = try await parts.firewall.observe()
            let foreign = try await parts.firewall.foreignRuleset()
            state.foreignPlaces = foreign.places
            state.foreignRules = Set(foreign.ownRules.map(\.rule))
            guard !request.listenPorts.isEmpty else { return }
            let prefixes = Dictionary(state.links.lazy.map { ($0.name, $0.addresses.map(\.prefix)) }) { first, _ in
                first
            }
            state.blocks = FirewallBlockFinder(
                ruleset: foreign, host: .init(uplinks: uplinks, prefixes: prefixes)
            ).blocks(listenPorts: request.listenPorts, forwarderPorts: request.forwarderPorts)
        } catch {
            note(.firewall, error)
        }
    }

    mutating func readListeners() { state.listeners = SocketTable().listeners(of: request.forwardedPorts) }

    mutating func readSysctls(_ parts: HostParts) {
        let wanted =
            request.sysctls + state.routerAdvertisementLinks.map { Sysctl.acceptRouterAdvertisements($0) }
        for sysctl in wanted {
            // Unreadable is absent: nothing is restored or compared that was not seen.
            if let value = try? parts.sysctls.read(sysctl) { state.sysctls[sysctl] = value }
        }
    }
}

extension HostIdentity {
    /// The running boot and the network namespace of the thread that asks.
    static func ofThisThread() throws(BackendError) -> HostIdentity {
        guard let boot = try SysctlFile().read(Sysctl("kernel/random/boot_id")),
            let namespace = ProcessHandle.ownNetworkNamespace
        else {
            throw BackendError(.terminal, "/proc is not mounted, so neither boot nor network namespace can be told")
        }
        return HostIdentity(bootID: boot, namespace: namespace)
    }
}
