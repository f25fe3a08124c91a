import Model
import Testing

@testable import Gateway

@Suite("The queue of a receiver")
struct DeliveryQueueTests {
    private func message(
        _ state: NotificationMessage.State = .found, _ fingerprint: String = "f"
    ) -> NotificationMessage {
        NotificationMessage(
            kind: .drift, state: state, fingerprint: fingerprint, object: nil, message: "m",
            since: Timestamp(seconds: 0), at: Timestamp(seconds: 0), pass: "p", revision: nil)
    }

    /// Takes everything out, as a receiver that takes everything does.
    private func drain(_ queue: inout DeliveryQueue, at now: Duration) -> [NotificationMessage.State] {
        queue.release(id: { "released" }, at: now)
        var states: [NotificationMessage.State] = []
        while let next = queue.next(at: now) {
            states.append(next.message.state)
            queue.succeeded(next.id)
        }
        return states
    }

    @Test("equal messages within the window are sent once, another matter at once")
    func window() {
        var queue = DeliveryQueue(window: .seconds(100))
        for second in 0..<50 { queue.offer(message(.healed), id: "\(second)", at: .seconds(second)) }
        queue.offer(message(.healed, "g"), id: "g", at: .seconds(50))
        #expect(drain(&queue, at: .seconds(50)) == [.healed, .healed])
        #expect(drain(&queue, at: .seconds(100)) == [])
        queue.offer(message(.healed), id: "later", at: .seconds(100))
        #expect(drain(&queue, at: .seconds(100)) == [.healed])
    }

    @Test("what came back within the window and stays is told when the window ends")
    func heldBack() {
        var queue = DeliveryQueue(window: .seconds(100))
        queue.offer(message(.found), id: "1", at: .seconds(0))
        queue.offer(message(.resolved), id: "2", at: .seconds(10))
        queue.offer(message(.found), id: "3", at: .seconds(20))
        #expect(drain(&queue, at: .seconds(20)) == [.found, .resolved])
        #expect(queue.nextInstant == .seconds(100))
        #expect(drain(&queue, at: .seconds(99)) == [])
        #expect(drain(&queue, at: .seconds(100)) == [.found])
    }

    @Test("what came and went within the window is not told again")
    func cameAndWent() {
        var queue = DeliveryQueue(window: .seconds(100))
        for (second, state) in [(0, NotificationMessage.State.found), (1, .resolved), (2, .found), (3, .resolved)] {
            queue.offer(message(state), id: "\(second)", at: .seconds(second))
        }
        #expect(drain(&queue, at: .seconds(3)) == [.found, .resolved])
        #expect(drain(&queue, at: .seconds(1000)) == [])
        #expect(queue.nextInstant == nil)
    }

    @Test func withoutAWindowEverythingIsSent() {
        var queue = DeliveryQueue(window: .zero)
        for id in ["1", "2", "3"] { queue.offer(message(), id: id, at: .zero) }
        #expect(drain(&queue, at: .zero).count == 3)
    }

    @Test("it waits 1, 2, 4 … s, at most 5 min, and gives up after a day")
    func backoff() throws {
        var queue = DeliveryQueue(window: .seconds(1))
        queue.offer(message(), id: "1", at: .zero)
        var now = Duration.zero
        var waits: [Duration] = []
        while let next = queue.next(at: now) {
            queue.failed(next.id, jitter: waits.count == 2 ? 1 : 0, at: now)
            let instant = try #require(queue.nextInstant)
            #expect(queue.next(at: instant - .milliseconds(1)) == nil)
            waits.append(instant - now)
            now = instant
        }
        #expect(waits.prefix(4) == [.seconds(1), .seconds(2), .seconds(5), .seconds(8)])
        #expect(waits.max() == .seconds(300))
        #expect(now >= DeliveryQueue.lifetime && now < DeliveryQueue.lifetime + .seconds(300))
        #expect((queue.dropped, queue.waiting.count) == (1, 0))
    }

    @Test func oneThatSucceedsMakesTheNextOneGoAtOnce() {
        var queue = DeliveryQueue(window: .zero)
        queue.offer(message(), id: "1", at: .zero)
        queue.offer(message(.resolved), id: "2", at: .zero)
        queue.failed("1", jitter: 0, at: .zero)
        #expect(queue.next(at: .milliseconds(500)) == nil)
        #expect(queue.next(at: .seconds(1))?.id == "1")
        queue.succeeded("1")
        #expect(queue.next(at: .seconds(1))?.id == "2")
    }

    @Test func itIsBounded() {
        var queue = DeliveryQueue(window: .zero)
        for number in 0..<(DeliveryQueue.capacity + 5) {
            queue.offer(message(.found, "\(number)"), id: "\(number)", at: .zero)
        }
        #expect((queue.waiting.count, queue.dropped) == (DeliveryQueue.capacity, 5))
        #expect(queue.waiting.first?.id == "5")
    }
}
