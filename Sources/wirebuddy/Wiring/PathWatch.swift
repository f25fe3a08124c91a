import Kernel
import Model
import Reconciler
import Repository
import Synchronization

/// Finds the ways that changes must not cut: connections of people who administer this host, and the git remote.
final class PathWatch: Sendable {
    private let backend: HostBackend
    private let repository: ConfigurationRepository
    private let names: any NameResolver
    private let apiPorts: Set<UInt16>
    /// Names that were waited for once.
    private let asked = Mutex<Set<String>>([])

    init(
        backend: HostBackend, repository: ConfigurationRepository, names: any NameResolver, apiPorts: Set<UInt16>
    ) {
        self.backend = backend
        self.repository = repository
        self.names = names
        self.apiPorts = apiPorts
    }

    /// The ways as they are now.
    func paths() async -> WatchedPaths {
        let connections = await backend.adminConnections(apiPorts: apiPorts)
        guard let host = await repository.remoteHost(), let address = await address(of: host) else {
            return WatchedPaths(connections: connections)
        }
        return WatchedPaths(connections: connections, remotes: [RemoteHost(name: host, address: address)])
    }

    /// The address of the remote's host. A name is asked for in the background each time; only the first answer is
    /// waited for, and not for long: a server that doesn't answer must not hold up every pass.
    private func address(of host: String) async -> IPAddress? {
        if let address = IPAddress(host) { return address }
        await names.refresh([host])
        let isNew = asked.withLock { $0.insert(host).inserted }
        guard isNew else { return await names.address(of: host) }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(2)
        while clock.now < end {
            if let address = await names.address(of: host) { return address }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
        }
        return await names.address(of: host)
    }
}

extension HostSettings {
    /// The ports where the API answers, as far as the host file says it.
    var apiPorts: Set<UInt16> { Set((api.content.listen ?? [Self.defaultListen]).map(\.port)) }
}
