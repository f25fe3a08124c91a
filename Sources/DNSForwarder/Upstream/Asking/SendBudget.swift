internal import Synchronization

/// How often one question may still be sent, over all upstreams and transports: whoever asks us must not make us ask
/// others any number of times.
final class SendBudget: Sendable {
    private let left: Mutex<Int>

    /// The first time, and two retries for each upstream.
    init(upstreams: Int) { left = Mutex(1 + 2 * upstreams) }

    /// Takes one; false if there is none left.
    func take() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
