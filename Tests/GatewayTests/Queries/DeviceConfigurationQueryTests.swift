import Credentials
import Foundation
import Gateway
import Model
import Profile
import Testing

@Suite("Device configurations with the keys of this host")
struct DeviceConfigurationQueryTests {
    private let state: String
    private let secrets: HostSecrets
    private let sealer: Sealer
    private let device = KeyPair.generate()
    private var settings = Settings()
    private var interface: Interface
    private var peer: Peer

    init() throws {
        let location = SourceLocation(path: "peers/wg0/phone.yaml", line: 1, column: 1)
        state = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-\(UUID())").path
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let host = try HostKey.make(state: state)
        sealer = try Sealer(recipients: [
            Recipient(name: "gateway", key: host.publicKey, role: .host, location: location)
        ])
        secrets = HostSecrets(state: state)
        settings.repositoryID = "123e4567-e89b-12d3-a456-426614174000"
        settings.publicEndpoint = .name("vpn.example.com")
        interface = Interface(
            name: "wg0", address: [InterfaceAddress("10.8.0.1/24")].compactMap { $0 }, listenPort: 51820,
            location: location)
        peer = Peer(
            name: "phone", dnsName: "phone", interface: "wg0", ip: [IPAddress("10.8.0.2")].compactMap { $0 },
            publicKey: device.publicKey, location: location)
    }

    private func text(_ query: DeviceConfigurationQuery, _ peer: Peer) throws -> String {
        try query.configuration(of: peer, on: interface, settings: settings, platform: .app).exposedText()
    }

    private func sealed(_ key: SecretKey, _ field: String) throws -> SecretReference {
        .sealed(try sealer.seal(key, settings.secretContext(of: peer, field: field)))
    }

    @Test("sealed keys are opened for the peer they were sealed for, whatever its name")
    func sealedKeys() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let query = DeviceConfigurationQuery(secrets: secrets, makesInterfaceKeys: true)
        let preshared = KeyPair.generate().privateKey
        var peer = peer
        peer.privateKey = try sealed(device.privateKey, "private_key")
        peer.presharedKey = try sealed(preshared, "preshared_key")
        peer.name = "renamed"
        let text = try text(query, peer)
        #expect(text.contains("\nPrivateKey = \(device.privateKey.exposedText())\n"))
        #expect(text.contains("\nPresharedKey = \(preshared.exposedText())\n"))
        let made = try #require(try secrets.interfaceKey("wg0"))
        #expect(text.contains("\nPublicKey = \(secrets.publicKey(of: made))\n"))
    }

    @Test("a sealed value in another field, and a key of another pair, are refused without being shown")
    func wrongKeys() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let query = DeviceConfigurationQuery(secrets: secrets, makesInterfaceKeys: true)
        var swapped = peer
        swapped.presharedKey = try sealed(device.privateKey, "private_key")
        #expect(throws: SecretFailure.self) { try text(query, swapped) }
        let other = KeyPair.generate().privateKey
        var wrong = peer
        wrong.privateKey = try sealed(other, "private_key")
        let failure = #expect(throws: SecretFailure.self) { try text(query, wrong) }
        #expect(failure?.description.contains("is not the one of its public_key \(device.publicKey)") == true)
        #expect(failure?.description.contains(other.exposedText()) == false)
    }

    @Test("elsewhere than on the gateway no key of an interface is made")
    func notHere() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let query = DeviceConfigurationQuery(secrets: secrets, makesInterfaceKeys: false)
        let failure = #expect(throws: SecretFailure.self) { try text(query, peer) }
        #expect(failure?.description.contains("run `wirebuddy apply` on the gateway first") == true)
        #expect(try secrets.interfaceKey("wg0") == nil)
        let key = try secrets.makeInterfaceKey("wg0")
        #expect(try text(query, peer).contains("\nPublicKey = \(secrets.publicKey(of: key))\n"))
    }
}
