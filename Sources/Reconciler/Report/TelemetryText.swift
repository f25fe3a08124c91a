import Model

/// How observation goes, as rows of a status for people: one, and one more for each thing that is wrong.
struct TelemetryText {
    /// A row.
    struct Row {
        var name: String
        var value: String
        var role: TextStyle.Role?
    }

    private let status: TelemetryStatus

    init(_ status: TelemetryStatus) {
        self.status = status
    }

    var rows: [Row] {
        var facts = [status.lastSample.map { "sampled at \($0)" } ?? "no sample yet"]
        facts.append("\(StatusText.bytes(UInt64(max(0, status.databaseBytes)))) on disk")
        switch status.flows.state {
        case .off: facts.append("flows are not counted")
        case .accounted: facts.append("flows are counted")
        case .unaccounted: break
        }
        var rows = [Row(name: "telemetry", value: facts.joined(separator: ", "))]
        if let failure = status.failure {
            rows.append(Row(name: "telemetry", value: TerminalText.escaped(failure), role: .failure))
        }
        if let message = status.flows.message {
            rows.append(Row(name: "flows", value: TerminalText.escaped(message), role: .warning))
        }
        for file in status.databases {
            guard let failure = file.failure else { continue }
            rows.append(Row(name: "geoip", value: TerminalText.escaped(failure), role: .warning))
        }
        return rows
    }
}
