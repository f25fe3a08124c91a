import API
import Gateway
import Model
import Reconciler
import Telemetry

/// All metrics of the daemon, put together anew for each who asks.
struct GatewayMetrics: MetricsSource {
    /// The look that is shown may be that old: who asks often makes nobody look more often.
    private static let maximumAge = Duration.seconds(15)

    /// The loop of this process.
    var reconciliation: any Reconciliation
    /// What its passes did.
    var passes: PassCounters
    /// What the forwarder did; nil: there is none.
    var dns: (@Sendable () -> DNSFigures)?
    /// How observation goes.
    var telemetry: any TelemetryService
    /// The databases.
    var databases: DatabaseSizes
    /// The time of day.
    var clock: any WallClock
    /// Writes what else there is, such as the requests of the API.
    var others: @Sendable (inout PrometheusText) -> Void = { _ in }

    func metrics() async -> [UInt8] {
        let view = await reconciliation.refreshedView(maximumAge: Self.maximumAge)
        var text = PrometheusText()
        text.family("wirebuddy_build_info", .gauge, "The program that runs; always 1.") {
            $0.add(1, MetricLabels(["version": Version.text]))
        }
        text.add(passes.figures)
        if let view {
            text.add(view.report)
            text.addPeers(view, now: clock.now())
        }
        if let dns { text.add(dns()) }
        text.add(telemetry.telemetryStatus)
        text.add(databases)
        others(&text)
        if let process = ProcessFigures.now() { text.add(process) }
        return text.bytes
    }
}

extension GatewayMetrics {
    /// The metrics of the gateway that this process serves.
    init(
        _ gateway: RunningGateway, reconciliation: any Reconciliation, passes: PassCounters, dns: ServedDNS,
        telemetry: any TelemetryService, requests: RequestCounters
    ) {
        self.init(
            reconciliation: reconciliation, passes: passes, dns: { dns.figures }, telemetry: telemetry,
            databases: DatabaseSizes(state: gateway.composition.settings.state.content),
            clock: gateway.composition.clock, others: { $0.add(requests.counts) })
    }
}
