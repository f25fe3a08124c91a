import Model
import Reconciler
import Telemetry

/// The counters of one look at the host, with whose they are.
struct TelemetryReadings {
    private(set) var readings: [TrafficMeter.Reading] = []

    /// The counters of all interfaces and of the peers that somebody declared: others have no identity that a history could
    /// go by.
    init(_ view: GatewayView) {
        let observed = view.report.observed
        for link in observed.links {
            guard let device = observed.devices[link.name] else { continue }
            let incarnation = { (key: [UInt8]) in
                CounterIncarnation.number(
                    boot: observed.host.bootID, link: UInt32(truncatingIfNeeded: link.index), key: key)
            }
            if let traffic = link.traffic {
                readings.append(
                    TrafficMeter.Reading(
                        subject: .interface(link.name), counters: traffic, incarnation: incarnation([]),
                        isUp: link.isUp))
            }
            for peer in device.peers {
                let id = PeerID(interface: link.name, publicKey: peer.publicKey)
                guard let known = view.report.peers[id] else { continue }
                readings.append(
                    TrafficMeter.Reading(
                        subject: .peer(known.id),
                        counters: TrafficBytes(received: peer.receivedBytes, sent: peer.sentBytes),
                        incarnation: incarnation(peer.publicKey.bytes), lastHandshake: peer.lastHandshake))
            }
        }
    }
}
