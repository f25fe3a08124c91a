import Model
import Telemetry

extension PrometheusText {
    /// Writes how observation goes.
    mutating func add(_ status: TelemetryStatus) {
        single(
            "wirebuddy_telemetry_last_sample_timestamp_seconds", .gauge,
            "When the last sample of counters was stored, in seconds of the epoch.",
            status.lastSample.map { MetricValue($0.seconds) })
        single(
            "wirebuddy_telemetry_storing", .gauge, "Whether samples can be stored.", MetricValue(status.failure == nil))
        family("wirebuddy_flows_state", .gauge, "How forwarded flows are counted: 1 for the state that holds.") {
            for state in TelemetryStatus.State.allCases {
                $0.add(MetricValue(status.flows.state == state), MetricLabels(["state": state.rawValue]))
            }
        }
        single(
            "wirebuddy_flows_unaccounted", .gauge,
            "Known flows without counters: they began before the kernel counted.",
            MetricValue(status.flows.unaccounted))
        single(
            "wirebuddy_flows_lost_events_total", .counter,
            "Ends of flows that the kernel could not tell us of; the last bytes of those flows are lost.",
            MetricValue(status.flows.lostEvents))
        single(
            "wirebuddy_conntrack_entries", .gauge, "Connections that the kernel tracks.",
            status.flows.count.map(MetricValue.init))
        single(
            "wirebuddy_conntrack_entries_limit", .gauge, "Connections that the kernel can track.",
            status.flows.limit.map(MetricValue.init))
        family("wirebuddy_geoip_usable", .gauge, "Whether a GeoIP file can be used.") {
            for database in status.databases {
                $0.add(MetricValue(database.failure == nil), MetricLabels(["use": database.use]))
            }
        }
        family(
            "wirebuddy_geoip_built_timestamp_seconds", .gauge, "When a GeoIP file was made, in seconds of the epoch."
        ) {
            for database in status.databases {
                guard let built = database.built else { continue }
                $0.add(MetricValue(built.seconds), MetricLabels(["use": database.use]))
            }
        }
    }
}
