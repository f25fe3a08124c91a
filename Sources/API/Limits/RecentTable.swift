/// Values by key, for a bounded number of keys: those that were not used for longest are forgotten.
///
/// Two generations: when the young one is full it becomes the old one, and what was old and not used since goes.
struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let capacity: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// A table of at most `capacity` keys.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The number of keys.
    var count: Int { young.count + old.count }

    /// Uses the value of a key.
    mutating func use<Result>(_ key: Key, default value: @autoclosure () -> Value, _ body: (inout Value) -> Result)
        -> Result
    {
        if young[key] == nil {
            if young.count >= capacity / 2 {
                old = young
                young = [:]
            }
            young[key] = old.removeValue(forKey: key) ?? value()
        }
        return body(&young[key, default: value()])
    }
}
