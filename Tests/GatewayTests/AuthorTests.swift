import Gateway
import Testing

@Test func authorsAreValues() {
    #expect(Author(name: "alice", email: "a@example.com") != Author(name: "alice", email: "b@example.com"))
}
