public import Model

/// A secret as an object uses it. What a sealed value yields depends on the place it stands at; `file:` and `env:` are
/// the same everywhere, and are read once for all their users.
public struct SecretUse: Hashable, Sendable {
    /// Where the secret comes from.
    public let reference: SecretReference
    /// The place.
    public let context: SecretContext

    /// A secret at a place.
    public init(_ reference: SecretReference, at context: SecretContext) {
        self.reference = reference
        self.context = context
    }

    /// Equal when they yield the same secret.
    public static func == (a: SecretUse, b: SecretUse) -> Bool {
        guard a.reference == b.reference else { return false }
        return a.isSealed ? a.context == b.context : true
    }

    /// Hashes the reference; of a sealed value, which is long and random, the end.
    public func hash(into hasher: inout Hasher) {
        guard case .sealed(let text) = reference else { return hasher.combine(reference) }
        hasher.combine(text.utf8.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Whether it is a sealed value, which never changes: another secret has another text.
    var isSealed: Bool { if case .sealed = reference { true } else { false } }
}

extension Interface {
    /// The private key that the manifest gives.
    func privateKeyUse(_ settings: Settings) -> SecretUse? {
        privateKey.map {
            SecretUse($0, at: settings.secretContext(of: self, field: "private_key"))
        }
    }
}

extension Peer {
    /// The preshared key.
    func presharedKeyUse(_ settings: Settings) -> SecretUse? {
        presharedKey.map {
            SecretUse($0, at: settings.secretContext(of: self, field: "preshared_key"))
        }
    }
}
