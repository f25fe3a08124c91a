import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct StateCacheTests {
    @Test func `one's own write is seen at once, what others push once the repository says so`() async throws {
        let gateway = try await TestGateway()
        let (changes, tell) = AsyncStream.makeStream(of: Void.self)
        let states = gateway.services.states
        let watch = Task { await states.watch(changes) }
        defer { watch.cancel() }
        while !states.isWatched { await Task.yield() }
        for number in 0..<5 {
            let made = try await gateway.call(.post, "/api/peers", #"{"name": "p\#(number)", "interface": "wg0"}"#)
            #expect(made.status == 201)
            #expect(try await gateway.call(.get, "/api/peers").data["total"].number == number + 1)
        }
        let known = try await states.current()
        #expect(try await states.current().index === known.index)
        try gateway.directory.write(
            "interfaces/wg1.yaml", "kind: Interface\nname: wg1\naddress: 10.9.0.1/24\nlisten_port: 51821\n")
        try gateway.directory.commit()
        #expect(try await states.current().index === known.index)
        tell.yield()
        let clock = ContinuousClock()
        let end = clock.now + .seconds(20)
        while try await states.current().index.interfaces.count < 2, clock.now < end {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await states.current().index.interfaces.count == 2)
    }
}
