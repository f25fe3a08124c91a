import Database
import Gateway
import Logging
import Model
import Reconciler
import ServiceLifecycle
import Synchronization
import Telemetry

/// What the daemon observes: traffic of peers and interfaces, where forwarded traffic goes, what GeoIP files say.
final class ServedTelemetry: Sendable {
    let database: TelemetryDatabase
    private let reconciliation: any Reconciliation
    private let sampler: TrafficSampler
    private let places: GeoIPReader
    private let flows: FlowCount
    private let clock: any WallClock
    private let logger: Logger
    /// Taken before the first pass, so that none is missed.
    private let reports: AsyncStream<PassReport>
    private let settings = Mutex(Settings.Telemetry())

    /// The telemetry of the gateway that this process serves. It reads nothing before it runs.
    ///
    /// - Throws: ``CommandFailure`` when the state directory can't hold its database.
    init(
        _ composition: GatewayComposition, reconciliation: any Reconciliation, logger: Logger
    ) throws(CommandFailure) {
        do {
            database = try TelemetryDatabase.open(state: composition.settings.state.content, logger: logger)
        } catch {
            throw CommandFailure(.error, error.description)
        }
        self.reconciliation = reconciliation
        self.logger = logger
        clock = composition.clock
        sampler = TrafficSampler(reconciliation, database: database, clock: composition.clock, logger: logger)
        places = GeoIPReader(directory: composition.settings.geoIPDirectory.content)
        flows = FlowCount(database: database, places: places, clock: composition.clock, logger: logger)
        reports = reconciliation.reports()
    }
}

extension ServedTelemetry: ServiceLifecycle.Service {
    /// Samples until graceful shutdown or cancellation, then once more.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await report in self.reports { await self.note(report) } }
                group.addTask { await self.sampleOnAndOn() }
                group.addTask { await self.flows.run() }
            }
        }
        await sampler.sample(maximumAge: .zero)
        do {
            try await database.flush()
        } catch {
            logger.error("traffic could not be stored to the end", metadata: ["error": "\(error)"])
        }
    }

    /// Brings the settings of the declared state in force along, and what is needed to tell whose an address is.
    private func note(_ report: PassReport) async {
        sampler.note(report)
        guard let view = reconciliation.view, let catalog = view.catalog else { return }
        let telemetry = catalog.settings.telemetry
        let isOther = settings.withLock { settings in
            defer { settings = telemetry }
            return settings != telemetry
        }
        if isOther {
            database.configure(telemetry)
            places.configure(telemetry.geoIP)
        }
        flows.update(telemetry, view)
    }

    private func sampleOnAndOn() async {
        while !Task.isCancelled {
            let interval = settings.withLock { $0.sampleInterval }
            places.refresh()
            await sampler.sample(maximumAge: interval / 2)
            do {
                try await database.maintain(now: clock.now())
            } catch {
                logger.error("old traffic can't be removed", metadata: ["error": "\(error)"])
            }
            do { try await pause() } catch { return }
        }
    }

    /// Waits until it is time for the next sample; another interval holds within seconds.
    private func pause() async throws {
        let begun = ContinuousClock.now
        while true {
            // Before the first pass there is nothing to see.
            let pause: Duration = reconciliation.view == nil ? .seconds(1) : settings.withLock { $0.sampleInterval }
            let rest = begun + pause - .now
            guard rest > .zero else { return }
            try await Task.sleep(for: min(rest, .seconds(5)))
        }
    }
}

extension ServedTelemetry: TelemetryService {
    func traffic(
        of subject: TrafficSubject, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> TrafficHistory {
        try await failing { try await database.traffic(of: subject, resolution, from: from, to: to) }
    }

    func traffic(
        _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> [TrafficSubject: [TrafficHistory.Point]] {
        try await failing { try await database.traffic(resolution, from: from, to: to) }
    }

    func geography(
        of peers: Set<String>?, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> FlowGeography {
        try await failing { try await database.geography(of: peers, from: from, to: to) }
    }

    func recent() async -> RecentTraffic { database.recent(now: clock.now()) }

    func place(of address: IPAddress) -> Place { places.place(of: address) }

    var telemetryStatus: TelemetryStatus {
        var status = TelemetryStatus()
        status.lastSample = sampler.sampledAt
        status.failure = sampler.failure
        status.databaseBytes = database.bytesOnDisk
        status.flows = flows.status
        status.databases = places.databases
        return status
    }

    private func failing<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(GatewayFailure) -> Value {
        do { return try await body() } catch { throw GatewayFailure.failed("\(error)") }
    }
}
