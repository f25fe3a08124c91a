import Model
import Testing

@Suite("Reachable services")
struct ReachableServicesTests {
    private func random(_ generator: inout SeededGenerator) -> [(Prefix, ServiceSet)] {
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            let address = RandomAccess.addresses[Int.random(in: 0..<RandomAccess.addresses.count, using: &generator)]
            let free = Int.random(in: 0...4, using: &generator)
            return (
                Prefix(address, length: address.family.bits - free), ServiceSet(RandomAccess.services(&generator))
            )
        }
    }

    @Test("an address has the services of every prefix over it, and no word stands twice")
    func againstEntries() {
        var generator = SeededGenerator(seed: 443)
        for _ in 0..<40 {
            let entries = random(&generator)
            let reachable = ReachableServices(entries)
            for address in RandomAccess.addresses {
                let all = entries.filter { $0.0.contains(address) }.reduce(ServiceSet()) { $0.union($1.1) }
                for service in RandomAccess.questions {
                    #expect(reachable.contains(service, at: address) == all.contains(service))
                }
                let over = reachable.services.filter { $0.key.contains(address) }
                    .sorted { $0.key.length < $1.key.length }.map(\.value)
                let union = over.reduce(ServiceSet()) { $0.union($1) }
                #expect(union == all)
                // Only what has every protocol stays whole inside wider prefixes.
                for (number, narrow) in over.enumerated() where narrow != .all {
                    for wide in over[..<number] { #expect(narrow.subtracting(wide) == narrow, "\(entries)") }
                }
                for (number, narrow) in over.enumerated() where narrow == .all {
                    #expect(!over[..<number].contains(.all) && number == over.count - 1, "\(entries)")
                }
            }
            #expect(reachable.isEmpty == entries.isEmpty)
        }
    }

    @Test("what is left is what the prefixes over a prefix don't name")
    func subtraction() {
        var generator = SeededGenerator(seed: 22)
        for _ in 0..<40 {
            let (first, second) = (random(&generator), random(&generator))
            let (one, other) = (ReachableServices(first), ReachableServices(second))
            let left = Dictionary(uniqueKeysWithValues: one.subtracting(other).map { ($0.prefix, $0.services) })
            for (prefix, services) in one.services {
                let covered = second.filter { $0.0.contains(prefix) }.reduce(ServiceSet()) { $0.union($1.1) }
                let rest = services.subtracting(covered)
                #expect(left[prefix] == (rest.isEmpty ? nil : rest))
            }
            #expect(Set(left.keys).isSubset(of: one.services.keys))
            #expect(one.subtracting(one).isEmpty)
        }
    }
}
