import ArgumentParser
import Credentials
import Model
import Reconciler

/// The password that a command gives somebody.
struct NewPassword {
    /// Its hash.
    let hash: String
    /// The password itself, where it was made here and has to be shown once.
    let generated: SecretBytes?

    /// Reads a password from standard input (from a terminal without showing it).
    ///
    /// - Throws: ``CommandFailure`` for a password that is too weak.
    static func read(for username: String) throws(CommandFailure) -> NewPassword {
        let password = try SecretInput.read("password of \(username)")
        if let problem = PasswordRule.problem(of: password) { throw CommandFailure(.invalid, problem) }
        return NewPassword(hash: try hash(password), generated: nil)
    }

    /// Makes a password.
    ///
    /// - Throws: ``CommandFailure``.
    static func make() throws(CommandFailure) -> NewPassword {
        let password = GeneratedPassword.make()
        return NewPassword(hash: try hash(password), generated: password)
    }

    private static func hash(_ password: SecretBytes) throws(CommandFailure) -> String {
        do {
            return try PasswordHash.make(password).text
        } catch {
            throw CommandFailure(.error, "there is no memory to hash a password: 64 MiB are needed")
        }
    }
}
