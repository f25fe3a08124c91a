import Gateway
import Manifest
import Model
import Reconciler

/// An interface as the API shows it: the documented fields, what is declared, and what was observed.
struct InterfaceDocument {
    private let interface: Interface
    private let state: ResourceState

    /// What the contract shows first, in its order.
    private static let documented: Set = ["name", "address", "listen_port"]

    init(_ interface: Interface, in state: ResourceState) {
        self.interface = interface
        self.state = state
    }

    var json: JSONValue {
        let device = state.observed.device(interface.name)
        let reason = reason
        return .object(
            [
                ("name", .string(interface.name)),
                ("address", .optional(interface.address.first?.description)),
                ("listen_port", .number(Int(interface.listenPort))),
                ("status", .string(status(reason))),
                ("peer_count", .number(state.index.peerCount(of: interface.name))),
                ("public_key", .optional(device?.publicKey?.description)),
                ("reason", .optional(reason)),
            ] + Manifest.json(of: interface).filter { !Self.documented.contains($0.0) } + [
                ("etag", .string(ObjectTag.of(interface))),
                ("observed", observed(device, reason)),
                ("observed_at", .optional(state.observed.takenAt?.description)),
            ])
    }

    /// Whether it is up and in line.
    var isActive: Bool { interface.enabled && reason == nil }

    /// `inactive` is who was told so; `error` whoever is not as declared for another reason than that nobody came yet.
    private func status(_ reason: String?) -> String {
        if reason != nil { return "error" }
        return interface.enabled ? "active" : "inactive"
    }

    /// Why it is not as declared; nil: it is.
    private var reason: String? {
        let observed = state.observed
        guard observed.view != nil else { return interface.enabled ? "the host was not looked at yet" : nil }
        if let trouble = observed.trouble(ObjectID(.interface, interface.name)) {
            return trouble.reason ?? "it is not applied yet"
        }
        guard interface.enabled else { return nil }
        guard let link = observed.link(interface.name) else { return "it is not applied yet" }
        return link.isUp ? nil : "the link is down"
    }

    private func observed(_ device: ObservedDevice?, _ reason: String?) -> JSONValue {
        let link = state.observed.link(interface.name)
        let isDrifted = state.observed.trouble(ObjectID(.interface, interface.name))?.standing == .drifted
        let sum = { (bytes: (ObservedPeer) -> UInt64) in
            Int64(clamping: device?.peers.reduce(0) { $0 &+ bytes($1) } ?? 0)
        }
        return .object([
            ("backend", .optional(device?.implementation.rawValue)),
            ("mtu", link.map { .number($0.mtu) } ?? .null),
            ("transfer_rx", .integer(sum(\.receivedBytes))),
            ("transfer_tx", .integer(sum(\.sentBytes))),
            ("drift", .boolean(isDrifted)),
            ("reason", .optional(reason)),
        ])
    }
}
