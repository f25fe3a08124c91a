import Model

/// A desired state whose records the inventory holds, all of them and no others.
struct RecordedState {
    /// Which compilation it is of.
    let generation: Int
    /// How many records that were: with another number somebody else was at the database.
    let count: Int
    /// The state.
    let state: DesiredState
}
