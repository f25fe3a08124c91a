import Credentials
import Manifest
import Model

extension Accounts {
    /// The hash of the password that a body gives, for the repository; nil where it gives none.
    ///
    /// - Throws: ``AccountFailure``, also for a password that is too weak.
    public func passwordHash(of secrets: BodySecrets) async throws(AccountFailure) -> String? {
        guard let password = secrets.password else { return nil }
        return try await passwordHash(of: SecretBytes(Array(password.text.utf8)))
    }
}
