import Model

/// Bytes by peer and place, until a sample is made of them.
struct FlowSums {
    private var sums: [Key: TrafficBytes] = [:]
    private var names = PlaceNames()

    private struct Key: Hashable {
        var peer: String
        var place: FlowPlace
    }

    /// Adds what moved between a peer and a place; nil: a private address.
    mutating func add(_ bytes: TrafficBytes, peer: String, place: Place?) {
        let kept = place.map(Self.kept) ?? .private
        sums[Key(peer: peer, place: kept), default: TrafficBytes()] += bytes
        if let country = place?.country, let name = place?.countryName { names.countries[country] = name }
        if let asn = place?.asn, let name = place?.organization { names.systems[asn] = name }
    }

    /// The sums, by peer and place.
    func sample(at time: Timestamp) -> FlowSample {
        let entries = sums.map { FlowSample.Entry(peer: $0.key.peer, place: $0.key.place, bytes: $0.value) }
        return FlowSample(
            time: time, entries: entries.sorted { ($0.peer, $0.place.order) < ($1.peer, $1.place.order) }, names: names)
    }

    private static func kept(_ place: Place) -> FlowPlace {
        place.isEmpty ? .unknown : .known(country: place.country, asn: place.asn)
    }
}

extension FlowPlace {
    /// Known ones first, by country and system.
    fileprivate var order: String {
        switch self {
        case .known(let country, let asn):
            let digits = asn.map(String.init) ?? ""
            return "0" + (country ?? "") + " " + String(repeating: "0", count: 10 - digits.count) + digits
        case .private: return "1"
        case .unknown: return "2"
        }
    }
}
