import Model
import Synchronization

/// Counts requests per user, or per address of those who don't show who they are.
final class RateLimiter: Sendable {
    /// Whose requests are counted together.
    enum Subject: Sendable, Hashable {
        /// A user, with all his tokens.
        case user(String)
        /// Who does not show who he is.
        case address(AddressBlock)
        /// Who tries to be a user, from an address.
        case login(String, AddressBlock)
    }

    /// How many requests in which time.
    struct Limit: Sendable, Equatable {
        /// The requests.
        var count: Int
        /// The seconds.
        var window: Int
    }

    /// How a request fared: what `X-RateLimit-…` and the body of 429 say.
    struct Verdict: Sendable, Equatable {
        /// The limit.
        var limit: Limit
        /// Whether it is answered.
        var isTaken: Bool
        /// How many more would be.
        var remaining: Int
        /// Seconds until more are.
        var reset: Int
    }

    private struct Key: Hashable, Sendable {
        var subject: Subject
        var rate: RateClass
    }

    private struct State {
        /// Floods of strangers don't make users forgotten.
        var users: RecentTable<Key, RateWindow>
        var strangers: RecentTable<Key, RateWindow>
    }

    private let state: Mutex<State>

    /// A limiter that remembers at most `capacity` users and as many addresses.
    init(capacity: Int = 16_384) {
        state = Mutex(State(users: RecentTable(capacity: capacity), strangers: RecentTable(capacity: capacity)))
    }

    /// Counts a request.
    ///
    /// - Parameter now: Milliseconds of a clock that never goes back.
    func take(_ subject: Subject, _ rate: RateClass, _ limit: Limit, at now: Int64) -> Verdict {
        let key = Key(subject: subject, rate: rate)
        let outcome = state.withLock { state in
            let body = { (window: inout RateWindow) in
                window.take(at: now, limit: limit.count, window: Int64(limit.window) * 1000)
            }
            return if case .user = subject {
                state.users.use(key, default: RateWindow(), body)
            } else {
                state.strangers.use(key, default: RateWindow(), body)
            }
        }
        return Verdict(
            limit: limit, isTaken: outcome.isTaken, remaining: outcome.remaining,
            reset: Int((outcome.reset + 999) / 1000))
    }

    /// The number of windows that are remembered.
    var count: Int { state.withLock { $0.users.count + $0.strangers.count } }
}

extension Settings.RateLimits {
    /// The limit of a class; nil: none.
    func limit(of rate: RateClass, isAnonymous: Bool) -> RateLimiter.Limit? {
        let rates = isAnonymous ? anonymous : authenticated
        return switch rate {
        case .read: RateLimiter.Limit(count: rates.read, window: 60)
        case .write: RateLimiter.Limit(count: rates.write, window: 60)
        case .login: RateLimiter.Limit(count: 5, window: 900)
        case .password: RateLimiter.Limit(count: 3, window: 3600)
        case .exempt: nil
        }
    }
}
