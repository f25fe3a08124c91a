import Gateway
import Glibc
import Model
import Profile
import Reconciler
import Repository

/// The configuration of the device that a name on the command line stands for, at the head of the repository.
struct DeviceProfile {
    let peer: Peer
    let configuration: DeviceConfiguration

    /// Reads the repository, finds the peer and opens its keys.
    ///
    /// - Throws: ``CommandFailure``.
    static func find(
        _ name: String, _ platform: Platform, _ composition: GatewayComposition
    ) async throws -> DeviceProfile {
        try composition.require([composition.checks.config(), composition.checks.git()])
        let catalog: Catalog
        do {
            catalog = try await composition.repository.read(now: composition.clock.now()).catalog
        } catch {
            throw CommandFailure(error)
        }
        let peer = try peer(name, in: catalog)
        guard let interface = catalog.interfaces.first(where: { $0.name == peer.interface }) else {
            throw CommandFailure(.error, "peer \(peer.name) is on \(peer.interface), which is not declared")
        }
        let query = DeviceConfigurationQuery(
            secrets: composition.secrets, makesInterfaceKeys: isGateway(of: interface, composition.settings))
        do {
            return DeviceProfile(
                peer: peer,
                configuration: try query.configuration(
                    of: peer, on: interface, settings: catalog.settings, platform: platform))
        } catch let failure as ProfileFailure {
            throw CommandFailure(.error, failure.description)
        } catch let failure as SecretFailure {
            throw CommandFailure(.error, failure.description)
        }
    }

    /// Whether a key made now is the one the interface will have: the state directory of a gateway is here, and no link
    /// of that name, which would have its own key.
    private static func isGateway(of interface: Interface, _ settings: HostSettings) -> Bool {
        guard !interface.adopt, unsafe access(settings.state.content, W_OK) == 0 else { return false }
        return unsafe access("/sys/class/net/\(interface.name)", F_OK) != 0
    }

    /// The peer that `phone` or `wg0/phone` names.
    private static func peer(_ text: String, in catalog: Catalog) throws(CommandFailure) -> Peer {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let found = catalog.peers.filter { peer in
            peer.name.utf8.elementsEqual(parts[parts.count - 1].utf8)
                && (parts.count == 1 || peer.interface == parts[0])
        }
        if found.count > 1 {
            let choices = found.map { "\($0.interface)/\($0.name)" }.joined(separator: ", ")
            throw CommandFailure(.error, "there are \(found.count) peers \"\(text)\": name one of \(choices)")
        }
        guard let peer = found.first else {
            throw CommandFailure(.error, "there is no peer \"\(text)\" at the head of the repository")
        }
        return peer
    }

    /// Tells a person what they should know, on standard error.
    func remark(_ console: Console) {
        for line in configuration.remarks {
            console.message("\(console.messageStyle.paint("note:", .warning)) \(TerminalText.escaped(line))")
        }
    }

    /// The fields that documents about this device begin with.
    func json(_ document: String, _ fields: [(String, ReportJSON)]) -> ReportJSON {
        .object(
            [
                ("document", .string(document)),
                ("exit_code", .number(0)),
                ("interface", .string(peer.interface)),
                ("peer", .string(peer.name)),
                ("platform", .string(configuration.platform.rawValue)),
                ("notes", .array(configuration.remarks.map(ReportJSON.string))),
            ] + fields)
    }
}
