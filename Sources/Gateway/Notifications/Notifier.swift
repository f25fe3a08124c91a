import Credentials
import FoundationEssentials
public import Logging
public import Model
public import Reconciler

/// Tells receivers what they want to know: a queue for each, so that a slow one holds up nobody, tried again for a day.
///
/// What waits is kept in memory: it ends with the process. Nothing but the scheme and host of a receiver's address is
/// ever logged.
public actor Notifier {
    /// Opens the key that messages are signed with.
    public typealias Opener = @Sendable (SecretReference, SecretContext) throws(SecretFailure) -> SecretKey

    private let messenger: any Messenger
    private let gateway: String
    private let clock: any UptimeClock
    private let open: Opener
    private let jitter: @Sendable () -> Double
    private let logger: Logger
    private var receivers: [Place: Receiver] = [:]
    private var context: SecretContext?
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// What makes a receiver the same after a change of the settings.
    private struct Place: Hashable {
        let url: String
        let kinds: [NotificationKind]
    }

    private struct Receiver {
        var declared: Settings.Notification
        var queue: DeliveryQueue
        var isBusy = false
        var toldDropped = 0
    }

    /// A notifier that knows no receiver yet and posts nothing before it runs.
    ///
    /// - Parameters:
    ///   - gateway: the name of this host.
    ///   - jitter: from 0 to 1.
    public init(
        _ messenger: any Messenger, gateway: String, clock: any UptimeClock, logger: Logger,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }, open: @escaping Opener
    ) {
        self.messenger = messenger
        self.gateway = gateway
        self.clock = clock
        self.open = open
        self.jitter = jitter
        self.logger = logger
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes over the receivers of the settings. What waits for one that is not declared any more is dropped.
    public func configure(_ settings: Settings) {
        context = settings.notificationSecretContext
        var next: [Place: Receiver] = [:]
        for declared in settings.notifications {
            let place = Place(url: declared.url, kinds: declared.kinds)
            var receiver =
                receivers[place] ?? Receiver(declared: declared, queue: DeliveryQueue(window: declared.window))
            receiver.declared = declared
            receiver.queue.window = declared.window
            next[place] = receiver
        }
        receivers = next
    }

    /// Takes messages for all who want them. Never waits for a receiver.
    public func note(_ messages: [NotificationMessage]) {
        guard !messages.isEmpty else { return }
        let now = clock.uptime()
        for place in receivers.keys {
            for message in messages where place.kinds.isEmpty || place.kinds.contains(message.kind) {
                receivers[place]?.queue.offer(message, id: Self.newID(), at: now)
            }
        }
        wake.yield()
    }

    /// Takes a message for one receiver, if it is declared.
    public func note(_ message: NotificationMessage, to receiver: Settings.Notification) {
        let place = Place(url: receiver.url, kinds: receiver.kinds)
        receivers[place]?.queue.offer(message, id: Self.newID(), at: clock.uptime())
        wake.yield()
    }

    /// Posts until it is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            var wakes = wakes.makeAsyncIterator()
            while !Task.isCancelled {
                for (place, delivery) in due() {
                    group.addTask { await self.deliver(delivery, to: place) }
                }
                let instant = receivers.values.filter { !$0.isBusy }.compactMap(\.queue.nextInstant).min()
                let alarm = instant.map { instant in
                    Task { [clock, wake] in
                        // Cancelled: something else woke it before.
                        guard (try? await clock.sleep(until: instant)) != nil else { return }
                        wake.yield()
                    }
                }
                _ = await wakes.next(isolation: self)
                alarm?.cancel()
            }
            group.cancelAll()
        }
        let waiting = receivers.values.reduce(0) { $0 + $1.queue.waiting.count }
        if waiting > 0 {
            logger.warning("notifications end undelivered", metadata: ["messages": "\(waiting)"])
        }
    }

    /// What is to be posted now; their receivers are busy with it.
    private func due() -> [(Place, DeliveryQueue.Delivery)] {
        let now = clock.uptime()
        var due: [(Place, DeliveryQueue.Delivery)] = []
        for key in receivers.keys {
            guard var receiver = receivers[key], !receiver.isBusy else { continue }
            receiver.queue.release(id: Self.newID, at: now)
            if let delivery = receiver.queue.next(at: now) {
                receiver.isBusy = true
                due.append((key, delivery))
            }
            if receiver.queue.dropped > receiver.toldDropped {
                logger.warning(
                    "notifications were dropped: the receiver took none of them in time",
                    metadata: [
                        "receiver": "\(receiver.declared.origin)",
                        "messages": "\(receiver.queue.dropped - receiver.toldDropped)",
                    ])
                receiver.toldDropped = receiver.queue.dropped
            }
            receivers[key] = receiver
        }
        return due
    }

    private func deliver(_ delivery: DeliveryQueue.Delivery, to place: Place) async {
        guard let receiver = receivers[place]?.declared else { return }
        do {
            try await post(delivery, to: receiver)
            receivers[place]?.queue.succeeded(delivery.id)
        } catch {
            receivers[place]?.queue.failed(delivery.id, jitter: jitter(), at: clock.uptime())
            // Once per message: an outage of a day is no hundreds of lines.
            if delivery.attempts == 0, !Task.isCancelled {
                logger.warning(
                    "a notification was not taken and is tried again",
                    metadata: [
                        "receiver": "\(receiver.origin)", "kind": "\(delivery.message.kind.rawValue)",
                        "error": "\(error)",
                    ])
            }
        }
        receivers[place]?.isBusy = false
        wake.yield()
    }

    private func post(_ delivery: DeliveryQueue.Delivery, to receiver: Settings.Notification) async throws {
        let body = delivery.message.body(delivery: delivery.id, gateway: gateway)
        var headers = [
            (name: "X-WireBuddy-Event", value: delivery.message.kind.rawValue),
            (name: "X-WireBuddy-Delivery", value: delivery.id),
        ]
        if let secret = receiver.secret, let context {
            // The text of the key, as it stands in the file of who checks it.
            let key = Array(try open(secret, context).exposedText().utf8)
            let code = DigestValue(bytes: HMACSHA256.code(of: body, key: key))
            headers.append((name: "X-WireBuddy-Signature", value: "sha256=\(code)"))
        }
        try await messenger.post(body, headers: headers, to: receiver.url)
    }

    private static func newID() -> String { UUID().uuidString.lowercased() }
}
