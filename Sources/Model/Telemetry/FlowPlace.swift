/// Where the other end of a flow is, as far as it is kept.
public enum FlowPlace: Sendable, Hashable {
    /// Somewhere on the internet. `country` is an ISO 3166-1 alpha-2 code, `asn` the number of an autonomous system; each is
    /// nil where the databases don't say, and not both are.
    case known(country: String?, asn: UInt32?)
    /// A private address (RFC 1918, RFC 4193, RFC 6598, link-local): it has no place.
    case `private`
    /// The databases are silent, or there are none.
    case unknown
}
