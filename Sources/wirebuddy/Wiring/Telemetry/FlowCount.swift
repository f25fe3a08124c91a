import Database
import Logging
import Model
import Reconciler
import ServiceLifecycle
import Synchronization
import Telemetry

/// Counts where forwarded traffic goes, while the settings want it.
final class FlowCount: Sendable {
    private let database: TelemetryDatabase
    private let places: GeoIPReader
    private let clock: any WallClock
    private let logger: Logger
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    private struct State {
        /// The time between lists of flows; nil: they are not counted.
        var interval: Duration?
        var peers = FlowPeers()
        var watch: FlowWatch?
        /// Why there is no watch although one is wanted.
        var failure: String?
        /// The revision that `peers` was made of.
        var revision: String?
    }

    /// A count that counts nothing before it runs and the settings want it.
    init(database: TelemetryDatabase, places: GeoIPReader, clock: any WallClock, logger: Logger) {
        self.database = database
        self.places = places
        self.clock = clock
        self.logger = logger
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How it goes.
    var status: TelemetryStatus.Flows {
        let (watch, failure) = state.withLock { ($0.watch, $0.failure) }
        if let watch { return watch.status }
        var status = TelemetryStatus.Flows()
        if let failure {
            status.state = .unaccounted
            status.message = failure
        }
        return status
    }

    /// Brings the settings along, and whose the addresses are.
    func update(_ settings: Settings.Telemetry, _ view: GatewayView) {
        let watch = state.withLock { state in
            state.interval = settings.countsFlows ? settings.sampleInterval : nil
            if state.interval == nil {
                // What a count that ends still stores is of those who were there; the next one asks anew.
                state.revision = nil
            } else if state.revision != view.report.inForce || view.report.writes > 0 {
                // Peers of the host are others only by a revision or a write.
                (state.revision, state.peers) = (view.report.inForce, FlowPeers(view))
            }
            return (state.watch, state.peers)
        }
        watch.0?.update(peers: watch.1)
        watch.0?.update(interval: settings.sampleInterval)
        wake.yield()
    }

    /// Counts until the task is cancelled; what moved until then is stored.
    func run() async {
        var counting: Task<Void, Never>?
        for await _ in wakes {
            let (interval, peers) = state.withLock { ($0.interval, $0.peers) }
            if let interval, counting == nil {
                counting = begin(interval, peers)
            } else if interval == nil, let running = counting.take() {
                running.cancel()
                await running.value
                state.withLock { ($0.watch, $0.failure) = (nil, nil) }
            }
        }
        counting?.cancel()
        await counting?.value
    }

    private func begin(_ interval: Duration, _ peers: FlowPeers) -> Task<Void, Never>? {
        do {
            let watch = try FlowWatch(interval: interval, clock: clock, logger: logger) { [places] in
                places.place(of: $0)
            }
            watch.update(peers: peers)
            state.withLock { ($0.watch, $0.failure) = (watch, nil) }
            return Task { [database, logger] in
                await watch.run { sample in
                    do {
                        try await database.record(sample)
                    } catch {
                        logger.error("where traffic went can't be stored", metadata: ["error": "\(error)"])
                    }
                }
            }
        } catch {
            // It is tried again with the next pass.
            let message = "connections can't be listened to: \(error)"
            let isNew = state.withLock { state in
                defer { state.failure = message }
                return state.failure != message
            }
            if isNew { logger.warning("where traffic goes is not counted", metadata: ["error": "\(error)"]) }
            return nil
        }
    }
}

extension FlowPeers {
    /// Whose the addresses of the host's WireGuard devices are.
    fileprivate init(_ view: GatewayView) {
        let observed = view.report.observed
        var owners: [Prefix: String] = Dictionary(minimumCapacity: 2 * view.report.peers.count)
        for (interface, device) in observed.devices {
            for peer in device.peers {
                guard let known = view.report.peers[PeerID(interface: interface, publicKey: peer.publicKey)] else {
                    continue
                }
                for prefix in peer.allowedIPs { owners[prefix] = known.id }
            }
        }
        self.init(owners, local: Set(observed.links.lazy.flatMap { $0.addresses.lazy.map(\.address) }))
    }
}
