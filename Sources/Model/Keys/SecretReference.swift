/// Where a secret of a manifest comes from. A manifest never holds a secret in the clear.
public enum SecretReference: Hashable, Sendable {
    /// A file below the host's secrets directory; a relative path without `..`.
    case file(String)
    /// An environment variable that the host file allows.
    case environment(String)
}

extension SecretReference: CustomStringConvertible {
    /// The text in the manifest: `file:name` or `env:NAME`.
    public var description: String {
        switch self {
        case .file(let name): "file:\(name)"
        case .environment(let name): "env:\(name)"
        }
    }
}
