/// The formats of reports: what `validate`, `plan` and `drift` found. The format never changes the exit code.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// For programs: one document, described by `schemas/output`.
    case json
    /// For a comment on a pull request.
    case markdown
    /// For a browser: one file that needs nothing else.
    case html
    /// For code scanning (SARIF 2.1.0).
    case sarif
    /// For test reports.
    case junit
    /// For annotations of GitHub Actions: workflow commands.
    case github
}
