import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler

/// The field that a command is about.
struct SecretTarget: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The peer: interface/name, or its name.", valueName: "peer"))
    var peer: String?

    @Option(name: .long, help: ArgumentHelp("The interface.", valueName: "name"))
    var interface: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The key of a receiver of messages: its number in notifications of the settings, from 1.",
            valueName: "number"))
    var notification: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The field (default: preshared_key of a peer, private_key of an interface).", valueName: "field"))
    var field: String?

    func validate() throws {
        let named = [peer != nil, interface != nil, notification != nil]
        guard named.count(where: { $0 }) == 1 else {
            throw ValidationError("Name one object: --peer, --interface or --notification.")
        }
        if let notification {
            guard notification >= 1 else { throw ValidationError("--notification is a number from 1.") }
            guard field == nil || field == "secret" else {
                throw ValidationError("'\(field ?? "")' is no secret field: secret.")
            }
            return
        }
        let fields = peer == nil ? SealedField.ofInterface : SealedField.ofPeer
        if let field, !fields.contains(field) {
            throw ValidationError("'\(field)' is no secret field: \(fields.joined(separator: " or ")).")
        }
    }

    /// The field in a tree.
    ///
    /// - Parameter place: which tree it is, for errors.
    /// - Throws: ``CommandFailure`` when there is no such object, or several.
    func find(
        in tree: ManifestTree, _ place: String = "in the repository"
    ) throws(CommandFailure) -> SealedField {
        if let notification {
            let count = tree.settings.notifications.count
            guard notification <= count else {
                throw CommandFailure(
                    .error, "there is no notification \(notification) \(place): the settings have \(count)")
            }
            return SealedField(notification: notification - 1, tree.settings)
        }
        if let interface {
            guard let object = tree.interface(interface) else {
                let names = tree.interfaces.map(\.name).joined(separator: ", ")
                throw CommandFailure(
                    .error,
                    "there is no interface \"\(interface)\" \(place)\(names.isEmpty ? "" : ": there are \(names)")")
            }
            return SealedField(object, field: field ?? "private_key", tree.settings)
        }
        let found = try peer(in: tree, place)
        guard !found.publicKey.isZero else {
            throw CommandFailure(
                .error, "peer \(found.interface)/\(found.name) has no public_key yet, which its secrets are sealed for")
        }
        return SealedField(found, field: field ?? "preshared_key", tree.settings)
    }

    private func peer(in tree: ManifestTree, _ place: String) throws(CommandFailure) -> Peer {
        let text = peer ?? ""
        if let slash = text.firstIndex(of: "/") {
            let (interface, name) = (String(text[..<slash]), String(text[text.index(after: slash)...]))
            if let found = tree.peer(name, of: interface) { return found }
        } else {
            let found = tree.peers(named: text)
            if found.count == 1 { return found[0] }
            if found.count > 1 {
                let choices = found.map { "\($0.interface)/\($0.name)" }.joined(separator: ", ")
                throw CommandFailure(.error, "there are \(found.count) peers \"\(text)\": name one of \(choices)")
            }
        }
        throw CommandFailure(.error, "there is no peer \"\(text)\" \(place)")
    }
}
