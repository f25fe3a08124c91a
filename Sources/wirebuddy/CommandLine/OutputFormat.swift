import ArgumentParser

/// The formats of results.
enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// For people.
    case text
    /// For programs: one document, described by `schemas/output`.
    case json
}
