public import Model

/// Which hosts are asked: those with public addresses only, by https only.
///
/// A list's address may be written by somebody who must not see what the gateway can reach: its own services, the
/// tunnel's peers, the metadata of a cloud.
public struct DownloadTargets: Sendable {
    /// Addresses that are asked though they are not public, and by http too: servers of one's own.
    public var exceptions: [Prefix]

    /// Public addresses, and these.
    public init(exceptions: [Prefix] = []) { self.exceptions = exceptions }

    /// Public addresses by https.
    public static let publicHTTPS = DownloadTargets()

    func isException(_ address: IPAddress) -> Bool { exceptions.contains { $0.contains(address) } }

    /// Why the address is not asked; nil if it is.
    func objection(to address: IPAddress) -> String? {
        isException(address) ? nil : AddressClass.objection(to: address)
    }
}
