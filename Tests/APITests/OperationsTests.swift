import API
import Testing

@Suite struct OperationsTests {
    @Test func `no two operations share an id or a route`() {
        let ids = Operations.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        let routes = Operations.all.map { "\($0.method) \($0.path)" }
        #expect(Set(routes).count == routes.count)
    }
}
