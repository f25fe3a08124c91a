/// Changes as text under a heading, capped: a first plan of a large gateway stays readable.
struct ChangeList {
    let title: String
    let style: TextStyle
    /// How many objects of one kind and action are shown before the rest is only counted; nil = all.
    let limit: Int?

    /// The lines, with an empty one at the end; none without changes. `remark` adds what became of a change.
    func lines(_ changes: [Change], remark: (Change) -> String? = { _ in nil }) -> [String] {
        guard !changes.isEmpty else { return [] }
        var lines = [style.paint(title, .heading)]
        var shown: [Group: Int] = [:]
        var hidden: [Group: Int] = [:]
        for change in changes {
            let group = Group(kind: change.object.kind, action: change.action)
            if let limit, shown[group, default: 0] >= limit {
                hidden[group, default: 0] += 1
                continue
            }
            shown[group, default: 0] += 1
            lines += ChangeText(change, style: style).lines
            if let remark = remark(change) { lines.append("      \(remark)") }
        }
        for (group, count) in hidden.sorted(by: { $0.key < $1.key }) {
            let more = "… and \(Counting.grouped(count)) more \(group.kind.noun(count)) to \(group.verb)"
            lines.append("  " + style.paint("\(more) (--all shows them)", .faint))
        }
        return lines + [""]
    }

    /// What is capped together.
    private struct Group: Hashable, Comparable {
        let kind: ObjectID.Kind
        let action: Change.Action

        var verb: String { action == .update ? "change" : action.rawValue }

        static func < (a: Self, b: Self) -> Bool {
            a.kind != b.kind ? a.kind < b.kind : a.action.rawValue < b.action.rawValue
        }
    }
}
