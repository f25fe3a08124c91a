import Model
import Reconciler
import Telemetry

extension PrometheusText {
    /// Writes interfaces and peers.
    mutating func addPeers(_ view: GatewayView, now: Timestamp) {
        let series = PeerSeries(view, now: now)
        addInterfaces(series, view.report.observed)
        let peers = series.interfaces.flatMap(\.peers)
        family(
            "wirebuddy_peer_received_bytes_total", .counter, "Encrypted bytes that came from the peer."
        ) { family in
            for peer in peers { family.add(MetricValue(peer.observed.receivedBytes), peer.labels) }
        }
        family("wirebuddy_peer_sent_bytes_total", .counter, "Encrypted bytes that went to the peer.") { family in
            for peer in peers { family.add(MetricValue(peer.observed.sentBytes), peer.labels) }
        }
        family(
            "wirebuddy_peer_handshake_age_seconds", .gauge,
            "The time since the peer's last handshake; without a series there was none."
        ) { family in
            for peer in peers {
                guard let handshake = peer.observed.lastHandshake else { continue }
                family.add(MetricValue(max(0, now.seconds - handshake.seconds)), peer.labels)
            }
        }
        family(
            "wirebuddy_peer_up", .gauge,
            "Whether the peer is connected: its last handshake is less than 180 seconds old."
        ) { family in
            for peer in peers { family.add(MetricValue(peer.observed.isLive(at: now)), peer.labels) }
        }
        single(
            "wirebuddy_peers_without_series", .gauge,
            "Peers that have no series of their own, because there are more than \(PeerSeries.most).",
            MetricValue(series.omitted))
    }

    private mutating func addInterfaces(_ series: PeerSeries, _ observed: ObservedState) {
        let links = Dictionary(observed.links.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        family("wirebuddy_interface_up", .gauge, "Whether the interface is there and up.") { family in
            for interface in series.interfaces {
                family.add(
                    MetricValue(links[interface.name]?.isUp ?? false), MetricLabels(["interface": interface.name]))
            }
        }
        family(
            "wirebuddy_interface_received_bytes_total", .counter, "Inner bytes that came in at the interface."
        ) { family in
            for interface in series.interfaces {
                guard let traffic = links[interface.name]?.traffic else { continue }
                family.add(MetricValue(traffic.received), MetricLabels(["interface": interface.name]))
            }
        }
        family(
            "wirebuddy_interface_sent_bytes_total", .counter, "Inner bytes that went out at the interface."
        ) { family in
            for interface in series.interfaces {
                guard let traffic = links[interface.name]?.traffic else { continue }
                family.add(MetricValue(traffic.sent), MetricLabels(["interface": interface.name]))
            }
        }
        family("wirebuddy_interface_info", .gauge, "What an interface is; always 1.") { family in
            for interface in series.interfaces {
                guard let device = observed.devices[interface.name] else { continue }
                family.add(
                    1,
                    MetricLabels([
                        "interface": interface.name, "public_key": device.publicKey.map { "\($0)" } ?? "",
                        "backend": device.implementation.rawValue,
                    ]))
            }
        }
        family("wirebuddy_peers", .gauge, "Peers of an interface, by what they are doing.") { family in
            for interface in series.interfaces {
                for status in PeerSeries.Status.allCases {
                    family.add(
                        MetricValue(interface.counts[status, default: 0]),
                        MetricLabels(["interface": interface.name, "status": status.rawValue]))
                }
            }
        }
    }
}
