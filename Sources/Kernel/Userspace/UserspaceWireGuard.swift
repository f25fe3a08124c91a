import Glibc
import Model
import Reconciler

/// WireGuard by a userspace program behind its UAPI socket. The program outlives us; we find it again by its socket.
final class UserspaceWireGuard: WireGuardImplementation {
    private let program: UserspaceProgram
    private let links: any LinkControl
    private let watch: ProcessWatch
    private let publicKey: (SecretKey) -> PublicKey?
    private let directory: String
    /// How many peers the devices may have, by what was read last.
    private var peerCounts: [String: Int] = [:]

    /// - Parameters:
    ///   - publicKey: derives the public key of the device, which the protocol doesn't tell.
    ///   - directory: where the sockets are. Programs have it fixed, a program of a test has not.
    init(
        program: UserspaceProgram, links: any LinkControl, watch: ProcessWatch,
        publicKey: @escaping (SecretKey) -> PublicKey?, directory: String = UAPIEndpoint.directory
    ) {
        self.publicKey = publicKey
        self.program = program
        self.links = links
        self.watch = watch
        self.directory = directory
    }

    func observe(_ name: String) throws(BackendError) -> ObservedDevice? {
        guard var device = try exchange(name, .get, expectedPeers: peerCounts[name] ?? 0)?.device else {
            peerCounts[name] = nil
            return nil
        }
        // Some may have come by the next time.
        peerCounts[name] = device.peers.count + 64
        device.publicKey = device.privateKey.flatMap(publicKey)
        return device
    }

    func configure(_ name: String, _ change: DeviceChange) throws(BackendError) {
        let port = change.listenPort.map { "; is UDP port \($0) taken by another program?" } ?? ""
        try set(name, "configure the device", UAPIRequest(change), advice: [EADDRINUSE: port])
    }

    func configurePeers(_ name: String, _ operations: [PeerOperation]) throws(BackendError) {
        guard !operations.isEmpty else { return }
        // A wake has to put back the interval it found, and only the program knows that.
        var keepalives: [PublicKey: UInt16] = [:]
        if operations.contains(where: { $0.wake && $0.action == .update && $0.persistentKeepalive == nil }) {
            for peer in try observe(name)?.peers ?? [] where peer.persistentKeepalive != 0 {
                keepalives[peer.publicKey] = peer.persistentKeepalive
            }
        }
        var generator = SystemRandomNumberGenerator()
        let throwaway = PublicKey(
            words: (generator.next(), generator.next(), generator.next(), generator.next()))
        try set(
            name, "configure \(operations.count) peer\(operations.count == 1 ? "" : "s")",
            UAPIRequest(operations, throwaway: throwaway, keepalives: keepalives))
    }

    func create(_ creation: LinkCreation) throws(BackendError) {
        let name = creation.name
        guard try links.link(named: name) == nil else {
            throw BackendError(.terminal, "create link \(name): a link of that name exists")
        }
        let endpoint = UAPIEndpoint(link: name, directory: directory)
        switch try endpoint.owner() {
        case .none: break
        case .stale: try endpoint.removeStale()
        case .foreign: throw endpoint.foreign
        case .ours(let process):
            // The program behind a link that was just deleted needs a moment to end.
            guard let process, process.waitForEnd(milliseconds: 2000) else {
                throw BackendError(
                    .transient,
                    "create link \(name): \(Self.describe(process)) still listens on \(endpoint.path) though the link is "
                        + "gone; end it")
            }
            try endpoint.removeStale()
        }
        let links = links
        try program.start(link: name) { () throws(BackendError) in
            guard try links.link(named: name) != nil, case .ours = try endpoint.owner() else { return false }
            return true
        }
        do throws(BackendError) {
            try links.change(name, LinkChange(mtu: creation.mtu, isUp: false, alias: LinkMark.text))
        } catch {
            // Half a link would be taken for a foreign one by the next pass.
            try? delete(name)
            throw error
        }
        if case .ours(let process?) = try endpoint.owner() { watch.watch(name, process) }
    }

    func delete(_ name: String) throws(BackendError) {
        let endpoint = UAPIEndpoint(link: name, directory: directory)
        var process: ProcessHandle?
        if case .ours(let found) = try endpoint.owner() { process = found }
        watch.forget(name)
        try links.delete(name)
        // The program ends when its link is gone; the handle is of the process that held our socket, no other.
        if let process, !process.waitForEnd(milliseconds: 3000) { process.end() }
        try endpoint.removeStale()
    }

    private static func describe(_ process: ProcessHandle?) -> String {
        process.map { "process \($0.id)" } ?? "a process of another pid namespace"
    }

    private func set(
        _ name: String, _ operation: String, _ request: UAPIRequest, advice: [Int32: String] = [:]
    ) throws(BackendError) {
        guard let answer = try exchange(name, request) else {
            throw BackendError(.transient, "\(operation) of \(name): its program has ended")
        }
        guard answer.errno == 0 else {
            throw BackendError(
                SystemError.kind(of: answer.errno),
                "\(operation) of \(name): \(SystemError.text(of: answer.errno))\(advice[answer.errno] ?? "")")
        }
    }

    /// Sends a request to the program behind a link; nil when none listens.
    private func exchange(
        _ name: String, _ request: consuming UAPIRequest, expectedPeers: Int = 0
    ) throws(BackendError) -> UAPIAnswer? {
        let endpoint = UAPIEndpoint(link: name, directory: directory)
        var request = request
        defer { request.wipe() }
        guard let conversation = try endpoint.open() else { return nil }
        if let process = conversation.process { watch.watch(name, process) }
        do throws(UAPISocket.Failure) {
            return try conversation.socket.exchange(request.bytes, expectedPeers: expectedPeers)
        } catch {
            throw endpoint.backendError(error)
        }
    }
}
