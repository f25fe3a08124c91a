import Gateway
import Model
import Synchronization

/// What keeps the daemon from observing what the settings want, as conditions tell of it.
final class ServedHindrances: Sendable {
    private let telemetry = Mutex<(any TelemetryService)?>(nil)

    /// Tells of this telemetry from now on.
    func follow(_ telemetry: any TelemetryService) { self.telemetry.withLock { $0 = telemetry } }

    /// Each with what to do about it; none holds a time.
    var texts: [String] {
        guard let status = telemetry.withLock({ $0 })?.telemetryStatus else { return [] }
        var texts = status.databases.compactMap(\.failure)
        if let failure = status.failure { texts.append("traffic can't be stored: \(failure)") }
        // Before the first look nobody knows.
        if status.flows.count != nil, let message = status.flows.message { texts.append("flows: \(message)") }
        return texts
    }
}
