/// Who may sign the head of the repository.
public struct SignatureCheck: Sendable, Hashable {
    /// The kinds of signatures.
    public enum Format: String, Sendable, Hashable {
        /// By an SSH key of an allowed signers file (`ssh-keygen(1)`).
        case ssh
        /// By an OpenPGP key of a file of exported public keys.
        case gpg
    }

    /// The kind; a signature of the other kind does not count.
    let format: Format
    /// The path of the file that says who may sign.
    let signers: String

    /// A check.
    ///
    /// - Parameters:
    ///   - format: The kind of signatures.
    ///   - signers: The absolute path of the file that says who may sign.
    public init(format: Format, signers: String) {
        self.format = format
        self.signers = signers
    }
}
