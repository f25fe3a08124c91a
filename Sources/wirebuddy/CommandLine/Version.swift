/// The version of the program.
enum Version {
    /// Semantic version.
    static let text = "0.1.0"
}
