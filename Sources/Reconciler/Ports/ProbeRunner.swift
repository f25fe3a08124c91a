public import Model

/// Asks whether something answers.
public protocol ProbeRunner: Sendable {
    /// Runs a probe once. Returns a moment after its timeout at the latest.
    ///
    /// - Returns: why it failed, without any time and equal for equal reasons; nil: it succeeded.
    func failure(of probe: Settings.Probe) async -> String?
}

extension ProbeRunner {
    /// Runs probes, all at the same time.
    ///
    /// - Returns: why each failed, in their order; nil: it succeeded.
    func failures(of probes: [Settings.Probe]) async -> [String?] {
        await withTaskGroup(of: (Int, String?).self) { group in
            for (index, probe) in probes.enumerated() {
                group.addTask { (index, await failure(of: probe)) }
            }
            var failures = [String?](repeating: nil, count: probes.count)
            for await (index, failure) in group { failures[index] = failure }
            return failures
        }
    }
}
