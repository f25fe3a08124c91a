/// A secret that can't be had.
public struct SecretFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which reference, and why.
    public let description: String

    /// A failure.
    public init(_ description: String) {
        self.description = description
    }
}
