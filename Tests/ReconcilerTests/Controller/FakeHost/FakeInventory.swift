import Model
import Synchronization

@testable import Reconciler

/// The inventory of a fake gateway. It counts writes and can be full.
final class FakeInventory: Sendable {
    struct State {
        var writes: [String] = []
        var isFull = false
        /// The process dies right after this write.
        var dieAfter: Int?
    }

    struct Full: Error, CustomStringConvertible {
        var description: String { "disk full" }
    }

    /// What has to be told of each access, and may fail it.
    final class Faults: Sendable {
        private let state = Mutex(State())
        let fate: Fate

        init(_ fate: Fate) {
            self.fate = fate
        }

        func withLock<Value: Sendable>(_ body: @Sendable (inout State) -> Value) -> Value {
            state.withLock { body(&$0) }
        }

        var isFull: Bool { state.withLock { $0.isFull } }

        func attempt(_ access: SimulatedAccess) throws {
            if fate.isDead { throw Killed() }
            guard case .write(let what) = access else { return }
            try state.withLock { state in
                if state.isFull { throw Full() }
                state.writes.append(what)
                if state.dieAfter == state.writes.count - 1 { fate.die() }
            }
        }
    }

    let state: Faults
    /// The inventory as the controller sees it.
    let port: SimulatedInventory

    init(fate: Fate = Fate()) {
        let faults = Faults(fate)
        state = faults
        port = SimulatedInventory { try faults.attempt($0) }
    }

    var writes: [String] { state.withLock { $0.writes } }
    var current: InventorySnapshot { port.contents }
    var events: [Event] { port.events }
    var revisions: [RevisionRecord] { port.revisions }
    var drift: [DriftRecord] { port.drift }

    func edit(_ body: @Sendable (inout InventorySnapshot) -> Void) { port.edit(body) }
}
