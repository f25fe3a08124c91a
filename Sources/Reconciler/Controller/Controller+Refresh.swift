import Model

/// Looking at the host between passes, for readers.
extension Controller {
    /// Reads the host once more and shows it to readers; nothing is planned, changed or recorded. Conditions and outcomes
    /// stay those of the last pass. A pass, or another look, that ended meanwhile is new enough.
    ///
    /// - Throws: when host or inventory can't be read at all.
    public func refresh() async throws {
        let asked = ports.uptime.uptime()
        await gate.enter()
        defer { gate.leave() }
        guard var view = latest.value, view.lookedAt < asked, let target = head ?? lastGood else { return }
        var observed = try await observe(target, try await ports.inventory.snapshot())
        // Who is who was judged by the pass: a row that somebody edited since has to be healed by the next one.
        observed.projections = view.report.observed.projections
        endpoints.note(observed.devices, at: observed.takenAt)
        view.report.observed = observed
        view.lookedAt = ports.uptime.uptime()
        view.number = latest.nextNumber
        latest.publish(view)
    }
}
