import Model

/// The messages to one receiver: what waits, what was told within the window, when to try again. Pure; times are those
/// of one uptime clock.
struct DeliveryQueue {
    /// A message on its way.
    struct Delivery: Sendable, Equatable {
        /// The same each time it is tried.
        var id: String
        var message: NotificationMessage
        /// When it was taken into the queue.
        var queuedAt: Duration
        /// How often it was tried in vain.
        var attempts = 0
    }

    /// What was told of one matter.
    private struct Told {
        var state: NotificationMessage.State
        /// When each state was told last.
        var times: [NotificationMessage.State: Duration]
        /// The newest message that was left out; told when its window ends, unless that is what was told last.
        var held: NotificationMessage?
    }

    /// More messages do not wait; the oldest goes.
    static let capacity = 1000
    /// More matters are not remembered.
    static let remembered = 10_000
    /// An older message is not news any more.
    static let lifetime: Duration = .seconds(86_400)
    /// The longest time between two attempts.
    static let longestWait = 300

    /// Equal messages within this time are sent once.
    var window: Duration
    private(set) var waiting: [Delivery] = []
    /// How many were dropped, because there were too many or they were too old.
    private(set) var dropped = 0
    private var told: [String: Told] = [:]
    private var tryAt: Duration = .zero

    init(window: Duration) {
        self.window = window
    }

    /// Takes a message, unless an equal one was taken within the window.
    mutating func offer(_ message: NotificationMessage, id: @autoclosure () -> String, at now: Duration) {
        if var known = told[message.fingerprint], let time = known.times[message.state], now < time + window {
            known.held = message
            told[message.fingerprint] = known
            return
        }
        take(message, id: id(), at: now)
    }

    /// Takes what was held back and still differs from what was told, once its window is over.
    mutating func release(id: () -> String, at now: Duration) {
        var due: [NotificationMessage] = []
        for (fingerprint, known) in told {
            if let held = known.held {
                guard let time = known.times[held.state], now >= time + window else { continue }
                if held.state != known.state { due.append(held) } else { told[fingerprint]?.held = nil }
            } else if known.times.values.allSatisfy({ now >= $0 + window }) {
                told[fingerprint] = nil
            }
        }
        for message in due.sorted(by: { ($0.at, $0.fingerprint) < ($1.at, $1.fingerprint) }) {
            take(message, id: id(), at: now)
        }
    }

    /// The message to be posted now; nil: none.
    mutating func next(at now: Duration) -> Delivery? {
        let count = waiting.count
        waiting.removeAll { now >= $0.queuedAt + Self.lifetime }
        dropped += count - waiting.count
        return now >= tryAt ? waiting.first : nil
    }

    /// When there is something to do again; nil: not before another message comes.
    var nextInstant: Duration? {
        let held = told.values.compactMap { known in
            known.held.flatMap { known.times[$0.state] }.map { $0 + window }
        }
        return (held + (waiting.isEmpty ? [] : [tryAt])).min()
    }

    /// The receiver took a message.
    mutating func succeeded(_ id: String) {
        waiting.removeAll { $0.id == id }
        tryAt = .zero
    }

    /// The receiver did not take a message: it is tried again after 1, 2, 4 … s, at most 5 min, up to a quarter longer.
    ///
    /// - Parameter jitter: from 0 to 1, so that many gateways don't come at once.
    mutating func failed(_ id: String, jitter: Double, at now: Duration) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting[index].attempts += 1
        let seconds = Double(min(1 << min(waiting[index].attempts - 1, 16), Self.longestWait))
        tryAt = now + .seconds(min(seconds * (1 + 0.25 * jitter), Double(Self.longestWait)))
    }

    private mutating func take(_ message: NotificationMessage, id: String, at now: Duration) {
        var times = told[message.fingerprint]?.times ?? [:]
        times[message.state] = now
        if told.count < Self.remembered || told[message.fingerprint] != nil {
            told[message.fingerprint] = Told(state: message.state, times: times)
        }
        waiting.append(Delivery(id: id, message: message, queuedAt: now))
        guard waiting.count > Self.capacity else { return }
        waiting.removeFirst()
        dropped += 1
    }
}
