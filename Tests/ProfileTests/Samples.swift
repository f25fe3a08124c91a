import Model
import Profile

/// One gateway and one device, with keys that are not secret: they stand in this file.
struct Sample {
    var settings = Settings()
    var interface: Interface
    var peer: Peer
    var privateKey: SecretKey?
    var presharedKey: SecretKey?
    let gatewayKey: PublicKey
    var forwarder: DNSSettings?

    /// An interface and a peer with addresses of one family or both.
    init(_ addresses: [String] = ["10.8.0.1/24"], ip: [String] = ["10.8.0.2"]) throws {
        let location = SourceLocation(path: "interfaces/wg0.yaml", line: 1, column: 1)
        interface = Interface(
            name: "wg0", address: addresses.compactMap(InterfaceAddress.init), listenPort: 51820, location: location)
        interface.endpoint = Endpoint("vpn.example.com:51820")
        interface.dns = interface.address.map(\.address)
        let key = PublicKey("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=")
        gatewayKey = PublicKey("HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=") ?? PublicKey(words: (1, 1, 1, 1))
        peer = Peer(
            name: "phone", dnsName: "phone", interface: "wg0", ip: ip.compactMap(IPAddress.init),
            publicKey: key ?? PublicKey(words: (2, 2, 2, 2)), location: location)
        privateKey = SecretKey(text: "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=".utf8)
    }

    /// A dual-stack sample.
    static func dual() throws -> Sample {
        try Sample(["10.8.0.1/24", "fd42:8::1/64"], ip: ["10.8.0.2", "fd42:8::2"])
    }

    /// The configuration.
    func configuration(_ platform: Platform = .app) throws(ProfileFailure) -> DeviceConfiguration {
        try DeviceConfiguration(
            peer: peer, interface: interface, settings: settings, gatewayKey: gatewayKey, privateKey: privateKey,
            presharedKey: presharedKey, forwarder: forwarder, platform: platform)
    }

    /// The text of the configuration.
    func text(_ platform: Platform = .app) throws(ProfileFailure) -> String {
        try configuration(platform).exposedText()
    }
}
