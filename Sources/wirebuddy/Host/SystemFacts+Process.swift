import Gateway
import Model
import Telemetry

extension SystemFacts {
    /// What this process uses now.
    ///
    /// - Parameter state: the state directory, where the databases stand.
    static func observed(state: String, now: Timestamp) -> SystemFacts {
        var facts = SystemFacts(
            databases: DatabaseSizes(state: state).bytes.map { Database(name: $0.database, bytes: $0.bytes) })
        guard let process = ProcessFigures.now() else { return facts }
        facts.processorCentiseconds = Int64(process.cpuSeconds * 100)
        facts.residentBytes = process.residentBytes
        if let startedAt = process.startedAt { facts.uptimeSeconds = max(0, now.seconds - Int64(startedAt)) }
        return facts
    }
}
