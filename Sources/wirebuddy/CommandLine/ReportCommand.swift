import ArgumentParser
import Credentials
import Reconciler

/// A command whose result is a report: it has more formats than other commands.
protocol ReportCommand: GatewayCommand {
    /// The options that say which gateway is meant.
    var host: HostOptions { get }

    /// The format of the report.
    var format: ReportFormat { get }
}

extension ReportCommand {
    var global: GlobalOptions { GlobalOptions(host, format: format == .json ? .json : .text) }

    var reportFormat: ReportFormat { format }

    /// The directory that places of findings are below, as seen from where the command was typed: a relative `--config`.
    /// Nothing is known about an absolute one, which may be anywhere below the checkout.
    var placesBelow: String {
        guard let config = host.config, !config.hasPrefix("/") else { return "" }
        let parts = config.split(separator: "/").filter { $0 != "." }
        return parts.contains("..") ? "" : parts.map { "\($0)/" }.joined()
    }
}

extension CommandFailure {
    /// The failure as a report of a command: what could not be looked at, or lines of problems.
    func report(of command: String) -> FindingReport {
        let now = SystemClock().now()
        var list = FindingList(digest: BLAKE2b256(), now: now)
        for line in details { list.add(DeclaredProblem(rendered: line)) }
        if details.isEmpty { list.add("problem/\(status.name)", .error, message: message) }
        return FindingReport(
            command: command, version: Version.text, exitCode: status, at: now, findings: list.findings,
            summary: message,
            failure: message)
    }
}
