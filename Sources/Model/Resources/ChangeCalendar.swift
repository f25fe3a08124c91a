/// The windows of one revision together: when newer revisions are taken into force.
///
/// None is taken while a window that denies is open. If there are windows that allow, it takes an open one of them; without
/// them everything else is allowed. Pure: it asks no clock.
public struct ChangeCalendar: Sendable, Equatable {
    /// How far ahead is looked for an opening, in seconds: a leap year.
    public static let horizon: Int64 = 366 * 86_400

    private let allowing: [ChangeWindow]
    private let denying: [ChangeWindow]

    /// A calendar; without windows it is always open.
    public init(_ windows: [ChangeWindow]) {
        allowing = windows.filter { $0.action == .allow }
        denying = windows.filter { $0.action == .deny }
    }

    /// Whether new revisions are taken at an instant.
    public func isOpen(at instant: Timestamp) -> Bool {
        denying.allSatisfy { $0.end(at: instant.seconds) == nil }
            && (allowing.isEmpty || allowing.contains { $0.end(at: instant.seconds) != nil })
    }

    /// The first instant at or after one at which new revisions are taken; nil: there is none within ``horizon``.
    public func opening(from instant: Timestamp) -> Timestamp? {
        let limit = instant.seconds + Self.horizon
        var now = instant.seconds
        while now <= limit {
            if let end = denying.compactMap({ $0.end(at: now) }).max() {
                now = end
            } else if allowing.isEmpty || allowing.contains(where: { $0.end(at: now) != nil }) {
                return Timestamp(seconds: now)
            } else {
                guard let next = allowing.compactMap({ $0.begin(after: now, through: limit) }).min() else { return nil }
                now = next
            }
        }
        return nil
    }
}
