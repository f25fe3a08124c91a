public import Model

/// Makes what moved out of counters that only ever grow until they begin anew.
///
/// A value without clock and I/O: who could not store a sample goes back to a copy that he made before, and loses nothing.
public struct TrafficMeter: Sendable {
    /// How long a session lives after its handshake, in seconds: what the contract calls `connected`.
    public static let sessionSeconds: Int64 = 180

    /// WireGuard renews the keys of a session in use that often, in seconds.
    static let rekeySeconds: Int64 = 120

    /// What the counters of an interface may go back without being others, in bytes. Its inner bytes are made from two counters
    /// of the kernel (bytes and packets), which a packet that passes just now changes one after the other.
    static let unsteadiness: UInt64 = 4096

    /// What each subject counts from next.
    public private(set) var baselines: [TrafficSubject: CounterBaseline]

    /// Those that a pass created and no look has shown since.
    private var recreated: Set<TrafficSubject> = []

    /// The interfaces that were up in the look before. Only of them is known that they were up since.
    private var interfacesUp: Set<String> = []

    /// A meter that goes on from the baselines of the last sample that was stored.
    public init(baselines: [TrafficSubject: CounterBaseline] = [:]) {
        self.baselines = baselines
    }

    /// A pass has created the peer or the interface: what its counters show next has moved since. To be told before the first
    /// look that shows the new counters is metered.
    public mutating func noteRecreated(_ subject: TrafficSubject) {
        recreated.insert(subject)
    }

    /// What moved until a look. A subject that the look does not show keeps its baseline: absence says nothing, a dump may
    /// have failed. Of two readings of one subject the first counts.
    ///
    /// - Parameters:
    ///   - time: when the look was.
    ///   - seconds: the time since the look before, by a clock that never jumps.
    public mutating func sample(_ readings: [Reading], time: Timestamp, seconds: Int) -> TrafficSample {
        var sample = TrafficSample(time: time, seconds: max(1, seconds))
        var interfacesUp: Set<String> = []
        var seen: Set<TrafficSubject> = []
        seen.reserveCapacity(readings.count)
        for reading in readings where seen.insert(reading.subject).inserted {
            let before = baselines[reading.subject]
            let isRecreated = recreated.isEmpty ? false : recreated.remove(reading.subject) != nil
            let step = CounterStep(from: before, to: reading, isRecreated: isRecreated)
            let session: Session
            if case .interface(let name) = reading.subject {
                if reading.isUp { interfacesUp.insert(name) }
                let wasUp = self.interfacesUp.contains(name) && !step.isAnew
                session = Session(ofInterface: before, isUp: reading.isUp, wasUp: wasUp, in: sample)
            } else {
                session = Session(
                    ofPeer: before, handshake: reading.lastHandshake, step: step, isRecreated: isRecreated, in: sample)
            }
            let baseline = CounterBaseline(
                counters: step.counters, incarnation: reading.incarnation, lastHandshake: reading.lastHandshake,
                connectedUntil: session.until)
            guard isRecreated || baseline != before || session.span != nil else { continue }
            baselines[reading.subject] = baseline
            sample.entries.append(
                TrafficSample.Entry(
                    subject: reading.subject, bytes: step.bytes, connected: session.span, baseline: baseline))
        }
        self.interfacesUp = interfacesUp
        return sample
    }
}
