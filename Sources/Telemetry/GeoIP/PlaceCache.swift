import Model

/// The places of addresses that were asked for of late. Two generations: an address that is asked for again survives.
struct PlaceCache: Sendable {
    /// How many addresses a generation holds.
    static let generation = 8192

    private var young: [IPAddress: Place] = [:]
    private var old: [IPAddress: Place] = [:]

    /// The place of an address; nil: not kept.
    mutating func place(of address: IPAddress) -> Place? {
        if let place = young[address] { return place }
        guard let place = old[address] else { return nil }
        insert(place, of: address)
        return place
    }

    /// Keeps a place.
    mutating func insert(_ place: Place, of address: IPAddress) {
        if young.count >= Self.generation {
            old = young
            young = [:]
        }
        young[address] = place
    }

    /// How many are kept.
    var count: Int { young.count + old.count }
}
