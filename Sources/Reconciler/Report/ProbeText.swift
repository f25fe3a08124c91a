import Model

/// Probes of a change on trial as people read them.
public enum ProbeText {
    /// `tcp 198.51.100.7:443: waiting (connection refused)`.
    public static func line(_ probe: CheckpointProbe) -> String {
        let why = probe.message.isEmpty ? "" : " (\(TerminalText.escaped(probe.message)))"
        let state =
            switch probe.state {
            case .waiting: "waiting"
            case .good: "good"
            case .notCounted: "not counted, it failed before the change"
            case .failing: "still fails"
            }
        return "\(TerminalText.escaped(probe.probe.description)): \(state)\(why)"
    }

    static func role(_ probe: CheckpointProbe) -> TextStyle.Role {
        switch probe.state {
        case .waiting, .notCounted: .warning
        case .good: .good
        case .failing: .failure
        }
    }
}
