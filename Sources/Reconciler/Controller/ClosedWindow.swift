public import Model

/// That the change windows of the revision in force let no newer one pass for now.
public struct ClosedWindow: Sendable, Hashable {
    /// What that means for the head.
    public enum Effect: String, Sendable, Hashable {
        /// Nothing: the head is in force, has nothing new, or something else holds it.
        case none
        /// The loop does not take it into force.
        case holds
        /// The loop would not, but somebody asked for this very pass.
        case passed
    }

    /// The revision whose windows count: the one in force.
    public var revision: String
    /// When newer revisions are taken again; nil: not within a year.
    public var opensAt: Timestamp?
    /// Why that revision can't be read, so that the windows of the head count; nil: it can.
    public var failure: String?
    /// What it means for the head.
    public var effect = Effect.none

    /// Closed windows, without any effect yet.
    public init(revision: String, opensAt: Timestamp?, failure: String? = nil) {
        self.revision = revision
        self.opensAt = opensAt
        self.failure = failure
    }

    /// Why the head is held, without any time.
    public var reason: String {
        failure.map {
            "it waits for a change window of its own, as the revision in force, \(revision), can't be read: \($0)"
        } ?? "it waits for a change window of \(revision)"
    }

    /// When it opens, for people.
    public var opening: String {
        opensAt.map { "the next one opens at \($0)" } ?? "none opens within a year"
    }
}

extension PassReport {
    /// Whether the head waits for a change window.
    public var isHeldByWindow: Bool { !isPreview && window?.effect == .holds }

    /// When the head that waits for a change window is taken.
    var heldUntil: Timestamp? { isHeldByWindow ? window?.opensAt : nil }

    /// What closed change windows mean for the head, in one line; nil: nothing.
    public var windowSentence: String? {
        guard let window, window.effect != .none else { return nil }
        let place =
            window.failure.map {
                "outside of its own change windows, as the revision in force, \(window.revision), can't be read (\($0)): "
                    + window.opening
            } ?? "outside of the change windows of \(window.revision): \(window.opening)"
        return switch window.effect {
        case .holds where isPreview: "\(place); `serve` takes nothing newer, `wirebuddy apply` does"
        case .holds: "\(place); the revision waits"
        default: "\(place); applied all the same, as somebody asked for it"
        }
    }
}
