/// Why the server can't begin. Nothing was changed.
public struct ServerFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What can't be used, why, and what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
