import Model
import Testing

@testable import Reconciler

/// What was compiled is used again, for as long as it may be needed.
@Suite struct DesiredCacheTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func key(_ revision: String) -> DesiredCache.Key {
        let observed = ObservedState(takenAt: now, host: HostIdentity(bootID: "b", namespace: 1))
        return DesiredCache.Key(
            revision: revision, facts: HostFacts(observed, inventory: InventorySnapshot()), interfaceKeys: [:],
            secrets: 0, addresses: [:], revocations: [], expired: [:], ownedSysctls: [])
    }

    @Test func onlyTheRevisionInForceIsKeptOnceNothingElseCanBeHealedFrom() {
        var cache = DesiredCache()
        var compiled: [String] = []
        func ask(_ revision: String) {
            _ = cache.entry(of: Catalog(interfaces: [], peers: []), for: key(revision), at: now, validUntil: nil) {
                compiled.append(revision)
                return DesiredState()
            }
        }
        for revision in ["r1", "r2", "r1", "r2"] { ask(revision) }
        #expect(compiled == ["r1", "r2"], "the head and the last good one")
        cache.keep("r2")
        ask("r2")
        #expect(compiled == ["r1", "r2"])
        ask("r1")
        #expect(compiled == ["r1", "r2", "r1"])
    }
}
