import Model

extension ConnectionTable {
    /// The connections with two queues of those that may go, each ordered by how long they have waited.
    struct State {
        /// A place for a connection; a link of the queue it stands in.
        struct Slot {
            var connection: Connection?
            var address: AddressBlock?
            var isKnown = false
            var answers = 0
            var isQueued = false
            var previous = -1
            var next = -1
        }

        private struct Queue {
            var first = -1
            var last = -1
        }

        var slots: [Slot] = []
        private var free: [Int] = []
        private var strangers = Queue()
        private var known = Queue()
        var counts: [AddressBlock: Int] = [:]
        var remoteCount = 0
        var localCount = 0
        var isStopping = false

        var connections: [Connection] { slots.compactMap(\.connection) }

        func holds(_ connection: Connection) -> Bool { slots[connection.slot].connection === connection }

        mutating func freeSlot() -> Int {
            if let slot = free.popLast() { return slot }
            slots.append(Slot())
            return slots.count - 1
        }

        mutating func insert(_ connection: Connection, _ address: AddressBlock?) {
            slots[connection.slot] = Slot(connection: connection, address: address)
            if let address { counts[address, default: 0] += 1 }
            if case .local = connection.origin {
                localCount += 1
            } else {
                remoteCount += 1
                link(connection.slot)
            }
        }

        mutating func remove(_ connection: Connection) {
            guard holds(connection) else { return }
            let slot = connection.slot
            unlink(slot)
            if let address = slots[slot].address {
                let count = counts[address, default: 1] - 1
                counts[address] = count == 0 ? nil : count
            }
            if case .local = connection.origin { localCount -= 1 } else { remoteCount -= 1 }
            slots[slot] = Slot()
            free.append(slot)
        }

        /// Removes the one that is closed to make room, of one address or of all.
        mutating func evict(of address: AddressBlock?) -> Connection? {
            for first in [strangers.first, known.first] {
                var slot = first
                while slot >= 0 {
                    if address == nil || slots[slot].address == address {
                        guard let connection = slots[slot].connection else { break }
                        remove(connection)
                        return connection
                    }
                    slot = slots[slot].next
                }
            }
            return nil
        }

        /// Puts a connection at the end of its queue. Those at the unix socket stand in none.
        mutating func link(_ slot: Int) {
            guard let connection = slots[slot].connection, !slots[slot].isQueued else { return }
            if case .local = connection.origin { return }
            let last = slots[slot].isKnown ? known.last : strangers.last
            slots[slot].isQueued = true
            slots[slot].previous = last
            slots[slot].next = -1
            if last >= 0 { slots[last].next = slot }
            if slots[slot].isKnown {
                known.last = slot
                if last < 0 { known.first = slot }
            } else {
                strangers.last = slot
                if last < 0 { strangers.first = slot }
            }
        }

        /// Takes a connection out of its queue.
        mutating func unlink(_ slot: Int) {
            guard slots[slot].isQueued else { return }
            let (previous, next) = (slots[slot].previous, slots[slot].next)
            if previous >= 0 { slots[previous].next = next }
            if next >= 0 { slots[next].previous = previous }
            if strangers.first == slot { strangers.first = next }
            if strangers.last == slot { strangers.last = previous }
            if known.first == slot { known.first = next }
            if known.last == slot { known.last = previous }
            slots[slot].isQueued = false
        }
    }
}
