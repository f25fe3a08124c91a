/// Where a secret of a manifest comes from. A manifest never holds a secret in the clear.
public enum SecretReference: Hashable, Sendable {
    /// A file below the host's secrets directory; a relative path without `..`.
    case file(String)
    /// An environment variable that the host file allows.
    case environment(String)
    /// The whole text `sealed:v1:…` (``SealedValue``): the secret itself, for those who hold a recipient's key.
    case sealed(String)

    /// The whole text in the manifest: `file:name`, `env:NAME` or `sealed:v1:<base64>`.
    public var text: String {
        switch self {
        case .file(let name): "file:\(name)"
        case .environment(let name): "env:\(name)"
        case .sealed(let text): text
        }
    }
}

extension SecretReference: CustomStringConvertible {
    /// The text in the manifest, for plans and errors; of a sealed value only the beginning: `sealed:v1:Zm9vYmFy…`.
    public var description: String {
        guard case .sealed(let text) = self else { return text }
        return String(decoding: text.utf8.prefix(SealedValue.prefix.utf8.count + 8), as: UTF8.self) + "…"
    }
}
