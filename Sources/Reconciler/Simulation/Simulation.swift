public import Logging
public import Model

/// Plans a revision against another one from their files alone: a host in memory is brought to the base by the real
/// reconciler, then the head is planned by the real planner. Nothing else is read or written.
///
/// What only a host knows is unknown: live sessions, drift, foreign links, addresses of endpoint names, secrets. The
/// digests of changes that follow from the files alone are those of a plan on a gateway that applied the base.
public struct Simulation: Sendable {
    private let digest: any Digest
    private let clock: any WallClock
    private let publicKey: @Sendable (SecretKey) -> PublicKey
    private let logger: Logger

    /// A simulation.
    ///
    /// - Parameter publicKey: the public key of a private one.
    public init(
        digest: any Digest, clock: any WallClock, publicKey: @escaping @Sendable (SecretKey) -> PublicKey,
        logger: Logger
    ) {
        self.digest = digest
        self.clock = clock
        self.publicKey = publicKey
        self.logger = logger
    }

    /// The plan of `head` on a host that applied `base`.
    ///
    /// - Parameters:
    ///   - head: what is planned; a failure of it is a part of the report.
    ///   - options: the consents of the plan.
    /// - Throws: ``SimulationFailure`` when the base can't be applied even to a host without faults.
    public func plan(
        _ head: any RevisionSource, from base: DesiredRevision, _ options: PassOptions
    ) async throws -> PassReport {
        var host = SimulatedHost()
        // Tracked connections are usual on a gateway, and so is this parameter.
        host.sysctls[.connectionAccounting] = "0"
        let controller = Controller(
            ControllerPorts(
                revisions: FixedRevisions(base), backend: SimulatedBackend(host, clock: clock),
                inventory: SimulatedInventory(), projections: SimulatedProjections(),
                secrets: StandInSecrets(digest: digest, publicKey: publicKey), names: NoNames(), digest: digest,
                clock: clock, logger: logger))
        try await apply(base, controller)
        var options = options
        options.source = head
        options.waitsForNames = false
        var report = try await controller.preview(options)
        report.inForce = base.id
        // What was said about the pass that made the base is nobody's concern.
        report.conditions = []
        // What is in force on the gateway, and when this is applied, nobody knows here.
        report.window = nil
        report.simulation = PassReport.SimulationInfo(
            base: base.id,
            unresolved: report.unresolved.keys.filter { $0.kind == .peer }.map(\.name).sorted())
        report.unresolved = [:]
        return report
    }

    /// Brings the host to the base. It is in force, so that nobody is asked for consent again.
    private func apply(_ base: DesiredRevision, _ controller: Controller) async throws {
        var options = PassOptions(trigger: "base")
        options.waitsForNames = false
        options.adopt = Set(base.catalog.interfaces.map(\.name))
        let plan = try await controller.preview(options).plan
        options.approvals = Set(plan.refusals.map(\.digest) + plan.changes.map(\.digest))
        let report = try await controller.pass(options)
        if let refusal = report.plan.refusals.first {
            throw SimulationFailure("\(base.id) is refused by rail \(refusal.rail): \(refusal.message)")
        }
        for (change, outcome) in report.results {
            switch outcome {
            case .done, .planned: continue
            case .failed(let why, _), .notTried(let why), .held(let why):
                throw SimulationFailure("\(base.id) can't be simulated: \(change.object): \(why)")
            }
        }
        if let problem = report.plan.problems.first(where: { $0.kind == .error }) {
            throw SimulationFailure("\(base.id) can't be simulated: \(problem.object): \(problem.message)")
        }
    }
}

/// Why there is no plan.
public struct SimulationFailure: Error, Sendable, CustomStringConvertible {
    /// What happened, to which object.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension PassReport {
    /// What a plan follows from that was made from files alone.
    public struct SimulationInfo: Sendable, Hashable {
        /// The revision that the host in memory was brought to.
        public var base: String
        /// Peers whose endpoint is a name, which nobody looked up.
        public var unresolved: [String]

        /// What such a plan does not tell, for people.
        public static let unknown =
            "live sessions, drift and the addresses of names are unknown, and secrets are stand-ins"
    }
}

/// A base that never moves.
private struct FixedRevisions: RevisionSource {
    let revision: DesiredRevision

    init(_ revision: DesiredRevision) {
        self.revision = revision
    }

    func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision { revision }

    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}

/// No name has an address, and nobody is asked.
private struct NoNames: NameResolver {
    func address(of name: String) async -> IPAddress? { nil }
    func refresh(_ names: [String]) async {}
    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
