public import Credentials
public import Model
public import Profile

/// The configuration of a peer's device, with the keys that this host can open.
public struct DeviceConfigurationQuery: Sendable {
    private let secrets: HostSecrets
    private let makesInterfaceKeys: Bool

    /// A query with the secrets of this host.
    ///
    /// - Parameter makesInterfaceKeys: Whether an interface without a key gets one now, the one its first apply then
    ///   uses. Only right on the gateway itself, for interfaces that don't run yet.
    public init(secrets: HostSecrets, makesInterfaceKeys: Bool) {
        self.secrets = secrets
        self.makesInterfaceKeys = makesInterfaceKeys
    }

    /// The configuration of `peer`'s device, also while the interface is down.
    ///
    /// - Parameter forwarder: The DNS forwarder that the repository declares.
    /// - Throws: ``SecretFailure`` when a key can't be opened or does not belong to the peer, ``ProfileFailure`` as
    ///   ``DeviceConfiguration`` does.
    public func configuration(
        of peer: Peer, on interface: Interface, settings: Settings, forwarder: DNSSettings? = nil, platform: Platform
    ) throws -> DeviceConfiguration {
        try DeviceConfiguration(
            peer: peer, interface: interface, settings: settings,
            gatewayKey: try gatewayKey(of: interface, settings),
            privateKey: try privateKey(of: peer, settings),
            presharedKey: try peer.presharedKey.map {
                try secrets.resolve($0, context: settings.secretContext(of: peer, field: "preshared_key"))
            }, forwarder: forwarder, platform: platform)
    }

    private func gatewayKey(of interface: Interface, _ settings: Settings) throws(SecretFailure) -> PublicKey {
        if let reference = interface.privateKey {
            let context = settings.secretContext(of: interface, field: "private_key")
            return secrets.publicKey(of: try secrets.resolve(reference, context: context))
        }
        if let key = try secrets.interfaceKey(interface.name) { return secrets.publicKey(of: key) }
        guard makesInterfaceKeys else {
            throw SecretFailure(
                "the private key of interface \(interface.name) is not on this host: run `wirebuddy apply` on the gateway"
                    + " first, and this command there")
        }
        return secrets.publicKey(of: try secrets.makeInterfaceKey(interface.name))
    }

    /// The device's key, if the repository has it; nil when only the device has.
    private func privateKey(of peer: Peer, _ settings: Settings) throws(SecretFailure) -> SecretKey? {
        guard let reference = peer.privateKey else { return nil }
        let context = settings.secretContext(of: peer, field: "private_key")
        let key = try secrets.resolve(reference, context: context)
        guard secrets.publicKey(of: key) == peer.publicKey else {
            throw SecretFailure(
                "private_key of peer \"\(peer.name)\" on \(peer.interface) is not the one of its public_key"
                    + " \(peer.publicKey): make new ones with `wirebuddy peer rotate-keys`")
        }
        return key
    }
}
