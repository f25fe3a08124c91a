import Model

/// What was undone because nobody confirmed it does not come back by itself: a later revision that still contains it is
/// refused, also where the host differs from then (after a restart everything is created anew), until it is reverted or
/// approved. An `Approval` document of the revision does not count: it stands there after each rollback, and what it consents to
/// would be tried in window after window.
struct RolledBackRail: Rail {
    let name = "rolled-back"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        let input = context.input
        guard !input.inventory.pins.isEmpty, !input.isTeardown else { return nil }
        let changed = changes.indices.filter { !changes[$0].isRevocation }
        guard !changed.isEmpty else { return nil }
        let records = AppliedRecord.all(of: input.desired, on: input.observed.host)
        let byObject = Dictionary(grouping: changed) { Self.object(of: changes[$0]) }
        var (held, refused): ([Pin], Set<Int>) = ([], [])
        for pin in input.inventory.pins {
            let own = byObject[pin.object] ?? []
            let same = own.filter { isSame(pin, changes[$0]) }
            guard !same.isEmpty || records[pin.object] == pin.record else { continue }
            let names = Set([pin.digest] + own.map { changes[$0].digest })
            guard context.spokenConsents.isDisjoint(with: names) else { continue }
            held.append(pin)
            refused.formUnion(own)
        }
        let group = Self.digest(of: held, context.digest)
        guard !held.isEmpty, !context.spokenConsents.contains(group) else { return nil }
        let count = held.count == 1 ? "a change is" : "\(held.count) changes are"
        let back = input.inventory.confirmed.map { "; `wirebuddy rollback \($0.prefix(12))` reverts" } ?? ""
        return RailRefusal(
            rail: name,
            message: "\(count) still in it that nobody confirmed and that the watchdog undid: revert it\(back)",
            digest: group, changes: refused.isEmpty ? changed : refused.sorted())
    }

    /// The digest that approves exactly these pins, whatever the plan looks like by then.
    static func digest(of pins: [Pin], _ digest: any Digest) -> String {
        var form = CanonicalForm()
        form.append("rolled-back")
        for pin in pins.map(\.digest).sorted() { form.append(pin) }
        return digest.digest(form.bytes).short
    }

    /// The pins of changes that bring about what the base does not hold.
    ///
    /// - Parameters:
    ///   - desired: the records of what is tried.
    ///   - base: the records of what would be restored.
    static func pins(
        _ changes: [Change], desired: [ObjectID: String], base: [ObjectID: String], checkpoint: String
    ) -> [Pin] {
        changes.compactMap { change in
            guard !change.isRevocation, change.reason != .drift else { return nil }
            let object = object(of: change)
            if let record = desired[object], record == base[object] { return nil }
            // Only where the base knows the object does its absence tell anything.
            let isGone = change.action == .delete && base[object] != nil
            let fields = change.fields.compactMap { field in
                field.after.flatMap { $0.contains("<secret #") ? nil : "\(field.field)=\($0)" }
            }
            return Pin(
                digest: change.digest, object: object, record: isGone ? nil : desired[object] ?? "",
                fields: change.action == .update ? Set(fields) : [], checkpoint: checkpoint)
        }
    }

    private func isSame(_ pin: Pin, _ change: Change) -> Bool {
        if change.digest == pin.digest { return true }
        guard change.action != .delete else { return pin.record == nil }
        return change.fields.contains { field in
            field.after.map { pin.fields.contains("\(field.field)=\($0)") } ?? false
        }
    }

    private static func object(of change: Change) -> ObjectID {
        guard let key = change.publicKey else { return change.object }
        return ObjectID(peer: PeerID(interface: change.object.interfaceName, publicKey: key))
    }
}
