public import Model

/// One value that a rule answers with instead of asking an upstream.
public enum Rewrite: Sendable, Hashable, CustomStringConvertible {
    /// An address record; a question for the other family is answered without data.
    case address(IPAddress)
    /// An alias: the question is answered as one for this name.
    case canonicalName(DomainName)
    /// No record, with this response code.
    case responseCode(RewriteCode)

    /// `10.8.0.1`, `nas.vpn.internal` or `NXDOMAIN`.
    public var description: String {
        switch self {
        case .address(let address): "\(address)"
        case .canonicalName(let name): "\(name)"
        case .responseCode(let code): code.rawValue
        }
    }
}

/// The response codes (RFC 1035, 4.1.1) that a rewrite can answer with.
public enum RewriteCode: String, Sendable, Hashable, CaseIterable {
    /// The name is there, a record of this type is not.
    case noError = "NOERROR"
    /// The name does not exist.
    case nameError = "NXDOMAIN"
    /// The server won't answer.
    case refused = "REFUSED"
    /// The server can't answer.
    case serverFailure = "SERVFAIL"
    /// The question was not understood.
    case formatError = "FORMERR"
    /// The server does not know such questions.
    case notImplemented = "NOTIMP"
}
