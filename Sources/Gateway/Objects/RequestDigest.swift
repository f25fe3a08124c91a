import Credentials
import Model

/// Digests of what callers send, so that it can be recognised without being kept.
public enum RequestDigest {
    /// The digest of fields in their order, in hexadecimal.
    public static func of(_ fields: [[UInt8]]) -> String {
        var form = CanonicalForm()
        for field in fields { form.append(field) }
        return BLAKE2b256().digest(form.bytes).description
    }
}
