/// Why a device's configuration, or its QR code, can't be made.
public struct ProfileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is in the way.
    public enum Kind: Sendable, Hashable {
        /// Neither the interface nor the settings say what devices dial.
        case noEndpoint
        /// The peer has no tunnel address: it is a site, and what its side looks like is not known here.
        case noAddress
        /// A key that the configuration needs was not given.
        case missingKey
        /// A value would not stand in a configuration as what it is.
        case invalidValue
        /// The text has more bytes than a QR code holds.
        case tooLarge
        /// A library ran out of memory.
        case exhausted
    }

    /// What is in the way.
    public let kind: Kind
    /// Which object, which value and what to do; never a secret.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
