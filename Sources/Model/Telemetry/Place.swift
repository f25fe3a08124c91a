/// What the GeoIP databases say of an address.
public struct Place: Sendable, Hashable {
    /// An ISO 3166-1 alpha-2 code.
    public var country: String?
    /// The country's English name.
    public var countryName: String?
    /// The number of the autonomous system.
    public var asn: UInt32?
    /// The organisation behind it.
    public var organization: String?

    /// A place.
    public init(country: String? = nil, countryName: String? = nil, asn: UInt32? = nil, organization: String? = nil) {
        self.country = country
        self.countryName = countryName
        self.asn = asn
        self.organization = organization
    }

    /// Whether nothing is said.
    public var isEmpty: Bool { country == nil && asn == nil }
}
