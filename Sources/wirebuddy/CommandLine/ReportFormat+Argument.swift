public import ArgumentParser
public import Reconciler

extension ReportFormat: ExpressibleByArgument {
    /// A format by its name.
    public init?(argument: String) { self.init(rawValue: argument) }

    /// What `--help` and completions name.
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}
