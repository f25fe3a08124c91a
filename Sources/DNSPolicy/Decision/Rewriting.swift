public import Model

/// What a question is answered with instead of asking an upstream: the values of all rewrites of the deciding layer.
public struct Rewriting: Sendable, Hashable {
    /// No record, with this response code; then there is nothing else.
    public private(set) var responseCode: RewriteCode?
    /// The question is answered as one for this name; then there are no addresses.
    public private(set) var canonicalName: DomainName?
    /// Addresses of both families, in the order of the rules. A question for a type without one is answered without
    /// data.
    public private(set) var addresses: [IPAddress] = []

    /// A code wins over a name, a name over addresses (as AdGuard's rules say); of several names the first.
    init(_ values: [Rewrite]) {
        for value in values {
            switch value {
            case .responseCode(let code): responseCode = responseCode ?? code
            case .canonicalName(let name): canonicalName = canonicalName ?? name
            case .address(let address): if !addresses.contains(address) { addresses.append(address) }
            }
        }
        if responseCode != nil { canonicalName = nil }
        if responseCode != nil || canonicalName != nil { addresses = [] }
    }

    /// The values as they were written.
    public var values: [Rewrite] {
        if let responseCode { return [.responseCode(responseCode)] }
        if let canonicalName { return [.canonicalName(canonicalName)] }
        return addresses.map { .address($0) }
    }
}
