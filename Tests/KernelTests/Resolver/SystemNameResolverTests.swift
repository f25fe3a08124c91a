import Model
import Reconciler
import Synchronization
import Testing

@testable import Kernel

@Suite struct SystemNameResolverTests {
    private static let v4 = IPAddress(v4: 0xC000_0201)
    private static let other4 = IPAddress(v4: 0xC000_0202)
    private static let v6 = IPAddress(v6: 0x2001_0DB8_0000_0000, 1)

    private final class Answers: Sendable {
        let value: Mutex<[IPAddress]?>
        init(_ value: [IPAddress]?) { self.value = Mutex(value) }
    }

    private func resolver(_ answers: Answers, families: Set<AddressFamily> = [.ipv4]) -> SystemNameResolver {
        SystemNameResolver(lookup: { _ in answers.value.withLock { $0 } }, hasRoute: { families.contains($0) })
    }

    private func wait(_ condition: () async -> Bool) async throws {
        for _ in 0..<500 {
            if await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the condition did not become true in 5 s")
    }

    @Test func prefersTheFamilyWithADefaultRoute() async throws {
        for (families, expected) in [([AddressFamily.ipv4], Self.v4), ([.ipv6], Self.v6), ([], Self.v6)] {
            let resolver = resolver(Answers([Self.v6, Self.v4]), families: Set(families))
            await resolver.refresh(["a"])
            try await wait { await resolver.address(of: "a") == expected }
        }
    }

    @Test func keepsAnAddressThatIsStillAmongTheAnswers() async throws {
        let answers = Answers([Self.v4, Self.other4])
        let resolver = resolver(answers)
        var changes = resolver.changes().makeAsyncIterator()
        await resolver.refresh(["a"])
        await changes.next()
        #expect(await resolver.address(of: "a") == Self.v4)
        answers.value.withLock { $0 = [Self.other4, Self.v4] }
        await resolver.refresh(["a"])
        try await Task.sleep(for: .milliseconds(100))
        #expect(await resolver.address(of: "a") == Self.v4)
        // A failure keeps what is known, a real change is told.
        answers.value.withLock { $0 = nil }
        await resolver.refresh(["a"])
        try await Task.sleep(for: .milliseconds(100))
        #expect(await resolver.address(of: "a") == Self.v4)
        answers.value.withLock { $0 = [Self.other4] }
        await resolver.refresh(["a"])
        await changes.next()
        #expect(await resolver.address(of: "a") == Self.other4)
    }

    @Test func manyNamesNeedFewThreads() async throws {
        let busy = Mutex((present: 0, most: 0))
        let resolver = SystemNameResolver(
            lookup: { _ in
                busy.withLock {
                    $0.present += 1
                    $0.most = max($0.most, $0.present)
                }
                defer { busy.withLock { $0.present -= 1 } }
                return [Self.v4]
            }, hasRoute: { _ in true })
        let names = (0..<500).map { "host\($0)" }
        await resolver.refresh(names)
        for name in names { try await wait { await resolver.address(of: name) != nil } }
        #expect(busy.withLock { $0.most } <= 8)
    }

    @Test func theSystemKnowsLocalhost() async throws {
        let resolver = SystemNameResolver()
        #expect(await resolver.address(of: "localhost") == nil)
        await resolver.refresh(["localhost"])
        try await wait { await resolver.address(of: "localhost")?.isLoopback == true }
    }
}
