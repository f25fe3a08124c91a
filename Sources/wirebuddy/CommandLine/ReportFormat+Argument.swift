public import ArgumentParser
public import Reconciler

extension ReportFormat: ExpressibleByArgument {
    /// Only what can be written is understood.
    public init?(argument: String) {
        guard let format = ReportFormat(rawValue: argument), Self.offered.contains(format) else { return nil }
        self = format
    }

    /// What `--help` and completions name.
    public static var allValueStrings: [String] { offered.map(\.rawValue) }
}
