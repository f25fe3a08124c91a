import Credentials
import FoundationEssentials
import Gateway
import Glibc
import Kernel
import Model
import Reconciler

/// Reads what is to be imported: files of wg and wg-quick, or interfaces that run.
struct ImportSource {
    let composition: GatewayComposition
    /// Names the interface of a single file whose own name doesn't.
    let name: String?
    /// The addresses of an interface whose file names none.
    let addresses: [InterfaceAddress]
    /// Where wg-quick keeps its files.
    var wireGuardDirectory = "/etc/wireguard"

    /// One configuration with the name of its interface.
    struct Found {
        let name: String
        var file: WireGuardFile
        /// Whether it was read from a running link.
        let isLive: Bool
    }

    // MARK: Files

    /// The configurations of files and directories.
    func files(_ paths: [String]) throws(CommandFailure) -> [Found] {
        var found: [Found] = []
        for path in paths {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else {
                throw CommandFailure(.error, "\(path) can't be read: \(SystemError(errno))")
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                found.append(try file(path))
                continue
            }
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            let files = names.filter { $0.hasSuffix(".conf") }.sorted()
            guard !files.isEmpty else { throw CommandFailure(.error, "\(path) holds no file *.conf") }
            for name in files { found.append(try file(path.hasSuffix("/") ? path + name : "\(path)/\(name)")) }
        }
        if let name, found.count != 1 {
            throw CommandFailure(.usage, "--name \(name) names one interface, and \(found.count) files were given")
        }
        return found
    }

    private func file(_ path: String) throws(CommandFailure) -> Found {
        var file = try read(path)
        let base = path.split(separator: "/").last.map(String.init) ?? path
        let name = self.name ?? (base.hasSuffix(".conf") ? String(base.dropLast(5)) : base)
        if file.interface.address.isEmpty { file.interface.address = addresses }
        return Found(name: name, file: file, isLive: false)
    }

    private func read(_ path: String) throws(CommandFailure) -> WireGuardFile {
        switch SmallFile.read(path, limit: 16 << 20) {
        case .failure(let error): throw CommandFailure(.error, "\(path) can't be read: \(error)")
        case .success(var bytes):
            defer { for index in bytes.indices { bytes[index] = 0 } }
            do throws(ImportFailure) {
                return try WireGuardFile(origin: path, bytes: bytes)
            } catch {
                throw CommandFailure(
                    .error, "\(path) can't be imported; nothing was changed", details: error.problems.map(\.description)
                )
            }
        }
    }

    // MARK: The kernel

    /// The configurations of running interfaces: those named, or all that are not ours.
    func kernel(_ names: [String]) async throws(CommandFailure) -> [Found] {
        try composition.require([composition.checks.networkRights()])
        let first = try await observe([])
        let candidates = first.links.filter { link in
            names.isEmpty ? link.canCarryWireGuard && !link.isMarked : names.contains(link.name)
        }
        for name in names {
            guard let link = candidates.first(where: { $0.name == name }) else {
                throw CommandFailure(.error, "there is no link \(name) to import: `ip link` shows them")
            }
            if link.isMarked {
                throw CommandFailure(.error, "\(name) is WireBuddy's own link: there is nothing to import")
            }
        }
        let state = try await observe(candidates.map(\.name))
        var files: [String: WireGuardFile] = [:]
        for link in candidates where state.devices[link.name] != nil {
            let path = "\(wireGuardDirectory)/\(link.name).conf"
            if unsafe access(path, F_OK) == 0 { files[link.name] = try read(path) }
        }
        var found: [Found] = []
        for link in candidates {
            guard let device = state.devices[link.name] else {
                if names.isEmpty { continue }
                let reason = state.unreadable.first { $0.part == .device(link.name) }?.reason
                throw CommandFailure(.error, reason ?? "link \(link.name) carries no WireGuard")
            }
            let file = WireGuardFile(
                link: link, device: device, routes: state.routes.filter { $0.interface == link.name },
                file: files[link.name])
            found.append(Found(name: link.name, file: file, isLive: true))
        }
        guard !found.isEmpty else {
            throw CommandFailure(.error, "no WireGuard interface runs here that is not WireBuddy's own already")
        }
        return try await withDeclaredMTU(found)
    }

    /// An MTU that `mtu: auto` would choose, too, is not declared.
    private func withDeclaredMTU(_ found: [Found]) async throws(CommandFailure) -> [Found] {
        let endpoints = found.map { entry in entry.file.peers.compactMap { $0.endpoint?.socketAddress?.address } }
        let state = try await observe(found.map(\.name), destinations: Array(Set(endpoints.joined())).sorted())
        var result = found
        for index in result.indices {
            let routes = endpoints[index].compactMap { state.routeMTUs[$0] }
            let automatic = DesiredCompiler.automaticMTU(routes: routes, defaultRoute: state.defaultRouteMTU)
            // A name's route is not known here.
            let isKnown = !result[index].file.peers.contains { peer in
                if case .name = peer.endpoint?.host { true } else { false }
            }
            if isKnown, result[index].file.interface.mtu == automatic { result[index].file.interface.mtu = nil }
        }
        return result
    }

    private func observe(
        _ interfaces: [String], destinations: [IPAddress] = []
    ) async throws(CommandFailure) -> ObservedState {
        do {
            let state = try await composition.backend.observe(
                ObservationRequest(interfaces: interfaces, destinations: destinations))
            if let links = state.unreadable.first(where: { $0.part == .links }) {
                throw CommandFailure(.error, "the links can't be read: \(links.reason)")
            }
            return state
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.error, "the host can't be looked at: \(error)")
        }
    }
}
