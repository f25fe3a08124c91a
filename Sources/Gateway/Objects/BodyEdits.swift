public import Manifest
public import Model

/// What a body of the API wants changed: fields of the document, and secrets that are sealed or hashed first.
public struct BodyEdits: Sendable {
    /// The changes of fields.
    public var edits: [FieldEdit]
    /// The secrets.
    public var secrets: BodySecrets

    /// Reads the body of a request.
    ///
    /// - Parameter shown: the object as the API shows it; nil for one that is to be made.
    /// - Throws: ``GatewayFailure/malformed(_:)`` for what is no JSON object, ``GatewayFailure/invalidFields(kind:name:_:)``
    ///   with every field that is unknown, read-only or has a refused value.
    public init(_ bytes: [UInt8], kind: ResourceKind, shown: JSONValue?) throws(GatewayFailure) {
        try self.init(try JSONBody.read(bytes), kind: kind, shown: shown)
    }

    /// The changes of a body that was read.
    ///
    /// - Parameter shown: the object as the API shows it; nil for one that is to be made.
    /// - Throws: ``GatewayFailure/invalidFields(kind:name:_:)``.
    public init(_ body: JSONBody, kind: ResourceKind, shown: JSONValue?) throws(GatewayFailure) {
        let changes = Manifest.changes(of: body, kind: kind, shown: shown)
        var faults = changes.faults.map { InvalidField($0.field, $0.message) }
        secrets = BodySecrets(changes.secrets, &faults)
        edits = changes.changes.map { FieldEdit($0.path, $0.value.map { .set($0) } ?? .remove) }
        guard faults.isEmpty else { throw .invalidFields(kind: kind.rawValue, name: "", faults) }
    }

    /// Takes the text that a field gets out of the changes.
    mutating func takeText(_ field: String) -> String? {
        guard let index = edits.firstIndex(where: { $0.path == [field] }),
            case .set(.string(let text)) = edits[index].action
        else { return nil }
        edits.remove(at: index)
        return text
    }
}

extension JSONBody {
    /// Reads the body of a request.
    ///
    /// - Throws: ``GatewayFailure/malformed(_:)``.
    public static func read(_ bytes: [UInt8]) throws(GatewayFailure) -> JSONBody {
        do throws(MalformedBody) {
            return try JSONBody(bytes)
        } catch {
            throw .malformed(error.message)
        }
    }
}

/// The secrets of a body in plain text: they are sealed or hashed before anything is written.
public struct BodySecrets: Sendable {
    /// The private key of a device or interface.
    public var privateKey: SecretKey?
    /// The preshared key of a peer.
    public var presharedKey: SecretKey?
    /// The password of a user.
    public var password: PlainSecret?

    /// None.
    public init() {}

    init(_ secrets: [PlainSecret], _ faults: inout [InvalidField]) {
        for secret in secrets {
            switch secret.field {
            case "password_hash": password = secret
            case "private_key", "preshared_key":
                guard let key = SecretKey(text: secret.text.utf8), !key.isZero else {
                    faults.append(
                        InvalidField(
                            secret.field, "\(secret.field) must be a key in base64: 44 characters, not all zero"))
                    continue
                }
                if secret.field == "private_key" { privateKey = key } else { presharedKey = key }
            default: faults.append(InvalidField(secret.field, "\(secret.field) takes no plain text"))
            }
        }
    }
}
