/// An access to a store in memory.
enum SimulatedAccess: Sendable, Hashable {
    /// It is read.
    case read
    /// It is written: what, for people.
    case write(String)
}
