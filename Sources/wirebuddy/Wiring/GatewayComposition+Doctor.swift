import Database
import Glibc
import Kernel
import Model
import Reconciler
import Repository

/// What `doctor` asks the parts of the gateway.
extension GatewayComposition {
    /// The host as far as it concerns the declared interfaces.
    func observedForChecks(_ catalog: Catalog?) async -> ObservedState? {
        var request = ObservationRequest(interfaces: [])
        for interface in catalog?.interfaces ?? [] where interface.enabled {
            request.listenPorts[interface.name] = interface.listenPort
        }
        return try? await backend.observe(request)
    }

    /// Whether the remote that is followed answers; nil where none is.
    func remoteCheck() async -> HostCheck? {
        guard checks.git().failure == nil, let answer = await repository.remoteObstacle(within: .seconds(10)) else {
            return nil
        }
        let remote = settings.remote.content.map(RemoteURL.redacted) ?? ""
        guard let obstacle = answer else { return HostCheck("remote reachable", .good("\(remote) answers")) }
        return HostCheck(
            "remote reachable",
            .warning("\(remote) does not answer, what was applied last stays in force: \(obstacle)"))
    }

    /// Whether this version can use the state database; nil where there is none.
    func databaseCheck() -> HostCheck? {
        guard hasDatabase else { return nil }
        do throws(DatabaseFailure) {
            let schema = try DatabaseCopy(path: "\(settings.state.content)/wirebuddy.db").schema()
            return HostCheck("database", .good("schema \(schema)"))
        } catch {
            return HostCheck("database", .failure(error.description))
        }
    }

    /// Foreign firewall rules that drop our traffic; nil when nobody could look.
    func firewallCheck(_ observed: ObservedState?) -> HostCheck? {
        guard let observed, !observed.unreadable.contains(where: { $0.part == .firewall }) else { return nil }
        let name = "other firewalls"
        guard !observed.blocks.isEmpty else { return HostCheck(name, .good("none drops our traffic")) }
        let lines = observed.blocks.map { block in
            "\(block.chain) drops \(block.what) of \(block.interface): `\(block.command)`"
        }
        return HostCheck(name, .warning(lines.joined(separator: "; ")))
    }
}
