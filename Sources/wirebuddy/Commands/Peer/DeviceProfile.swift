import Gateway
import Glibc
import Manifest
import Model
import Profile
import Reconciler

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
        let snapshot = try await GatewaySession.snapshot(composition)
        let tree = snapshot.tree
        let peer: Peer
        let interface: Interface
        do {
            peer = try PeerSelector(name).peer(in: tree)
            interface = try InterfaceQuery.interface(peer.interface, in: tree)
        } catch {
            throw CommandFailure(.error, error.description)
        }
        let result = tree.result(now: composition.clock.now(), completion: .writeBack)
        guard !result.hasErrors else {
            let problems = result.problems.filter { $0.severity == .error }.map { $0.render() }
            throw CommandFailure(.invalid, "revision \(snapshot.revision) is not valid", details: problems)
        }
        let identity = ObjectIdentity.peer(peer.name, of: peer.interface)
        if let missing = result.missing.first(where: { $0.peer == identity }) {
            throw CommandFailure(.error, "\(missing.summary) when it is applied: run `wirebuddy apply` first")
        }
        let query = DeviceConfigurationQuery(
            secrets: composition.secrets, makesInterfaceKeys: isGateway(of: interface, composition.settings))
        do {
            return DeviceProfile(
                peer: peer,
                configuration: try query.configuration(
                    of: peer, on: interface, settings: tree.settings, platform: platform))
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

    /// Tells a person what they should know, on standard error.
    func remark(_ console: Console) {
        for line in configuration.remarks {
            console.message("\(console.messageStyle.paint("note:", .warning)) \(TerminalText.escaped(line))")
        }
    }

    /// The fields that documents about this device begin with.
    func json(_ document: String, _ fields: [(String, JSONValue)]) -> JSONValue {
        .object(
            [
                ("document", .string(document)),
                ("exit_code", .number(0)),
                ("interface", .string(peer.interface)),
                ("peer", .string(peer.name)),
                ("platform", .string(configuration.platform.rawValue)),
                ("notes", .array(configuration.remarks.map(JSONValue.string))),
            ] + fields)
    }
}
