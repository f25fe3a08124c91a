public import Credentials
public import Manifest
public import Model
import Profile

/// The configurations of devices, as text and as pictures, from the secrets of this host.
public struct DeviceProfiles: Sendable {
    private let secrets: HostSecrets
    private let makesInterfaceKeys: @Sendable (Interface) -> Bool

    /// Profiles with the secrets of this host.
    ///
    /// - Parameter makesInterfaceKeys: whether an interface without a key gets one now, the one its first apply uses.
    public init(secrets: HostSecrets, makesInterfaceKeys: @escaping @Sendable (Interface) -> Bool) {
        self.secrets = secrets
        self.makesInterfaceKeys = makesInterfaceKeys
    }

    /// What a QR code is drawn as.
    public enum Picture: Sendable, Hashable {
        /// A PNG of at most this width in pixels, as far as a code can be as small; nil: at least 300.
        case png(width: Int?)
        /// An SVG.
        case svg
        /// Lines for a terminal.
        case text
    }

    /// The words for what reads a configuration, the usual one first.
    public static let platforms = Platform.allCases.map(\.rawValue)

    /// The configuration of a peer's device with its keys in the clear: for its owner, never for a log.
    ///
    /// - Parameter platform: one of ``platforms``.
    /// - Throws: ``GatewayFailure/conflict(_:)`` that says what is missing, ``GatewayFailure/secret(_:)``.
    public func exposedText(
        of peer: Peer, in tree: ManifestTree, platform: String
    ) throws(GatewayFailure) -> String {
        guard let platform = Platform(rawValue: platform) else { throw .failed("there is no platform \(platform)") }
        guard let interface = tree.interface(peer.interface) else { throw .noInterface(peer.interface, in: tree) }
        let query = DeviceConfigurationQuery(secrets: secrets, makesInterfaceKeys: makesInterfaceKeys(interface))
        do {
            return try query.configuration(
                of: peer, on: interface, settings: tree.settings, forwarder: tree.dnsSettings, platform: platform
            ).exposedText()
        } catch let failure as ProfileFailure {
            throw .conflict(failure.description)
        } catch let failure as SecretFailure {
            throw .secret(failure.description)
        } catch {
            throw .failed("\(error)")
        }
    }

    /// A QR code that decodes to exactly `text`.
    ///
    /// - Throws: ``GatewayFailure/conflict(_:)`` when the text is too long for one.
    public static func picture(of text: String, _ picture: Picture) throws(GatewayFailure) -> [UInt8] {
        do {
            let code = try QRCode(Array(text.utf8))
            switch picture {
            case .png(let width): return try code.png(moduleSize: width.map { max(1, $0 / code.side) })
            case .svg: return Array(code.svg().utf8)
            case .text: return Array(code.terminal(colours: false).utf8)
            }
        } catch {
            throw .conflict(error.description)
        }
    }
}
