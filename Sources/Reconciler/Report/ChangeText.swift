/// One change as lines: a head with sign, object, reason and impact, then a line per field.
struct ChangeText {
    let change: Change
    let style: TextStyle
    /// The longest list of a field that is shown whole; the rest is counted.
    private let listLimit = 8

    init(_ change: Change, style: TextStyle) {
        self.change = change
        self.style = style
    }

    var lines: [String] {
        var head = "  \(style.paint("\(sign) \(TerminalText.escaped(change.object.description))", role))"
        if !remarks.isEmpty { head += "  " + style.paint("(\(remarks.joined(separator: ", ")))", .faint) }
        return [head] + change.fields.map(line)
    }

    private var sign: String {
        switch change.action {
        case .create: "+"
        case .update: "~"
        case .delete: "-"
        case .adopt: "!"
        }
    }

    private var role: TextStyle.Role {
        switch change.action {
        case .create: .create
        case .update: .update
        case .delete: .delete
        case .adopt: .adopt
        }
    }

    /// What can't be read off the sign and the section.
    private var remarks: [String] {
        var remarks: [String] = []
        switch change.reason {
        case .desiredChanged, .adopt, .drift: break
        case .prune: remarks.append("no longer declared")
        case .expired: remarks.append("expired")
        case .revoked: remarks.append("revoked")
        case .keyRotation: remarks.append("key rotation")
        }
        if change.impact != .none { remarks.append("impact \(change.impact.rawValue)") }
        if change.liveSessions > 0 { remarks.append(Counting.counted(change.liveSessions, "live session")) }
        if change.isReportOnly { remarks.append("only reported by the loop") }
        return remarks
    }

    private func line(_ field: FieldChange) -> String {
        let name = "      \(field.field): "
        switch (field.before, field.after) {
        case (let before?, nil) where change.action == .delete: return name + shortened(before)
        case (nil, let after?) where change.action == .create: return name + shortened(after)
        case (let before, let after): return name + compared(before, after)
        }
    }

    /// `a → b`; of two long lists only what comes and goes.
    private func compared(_ before: String?, _ after: String?) -> String {
        let old = items(before)
        let new = items(after)
        guard max(old.count, new.count) > listLimit else {
            return "\(shortened(before ?? "(none)")) → \(shortened(after ?? "(none)"))"
        }
        let oldSet = Set(old)
        let newSet = Set(new)
        let gone = old.filter { !newSet.contains($0) }
        let come = new.filter { !oldSet.contains($0) }
        let parts = [("-", gone), ("+", come)].filter { !$0.1.isEmpty }.map { sign, items in
            "\(sign) \(shortened(items.joined(separator: ", ")))"
        }
        return parts.joined(separator: "; ") + " (\(Counting.grouped(old.count)) → \(Counting.grouped(new.count)))"
    }

    private func shortened(_ value: String) -> String {
        let list = items(value)
        guard list.count > listLimit else { return value.isEmpty ? "(empty)" : TerminalText.escaped(value) }
        let first = TerminalText.escaped(list.prefix(listLimit).joined(separator: ", "))
        return "\(first), … and \(Counting.grouped(list.count - listLimit)) more"
    }

    private func items(_ value: String?) -> [String] {
        guard let value, !value.isEmpty else { return [] }
        var items: [String] = []
        var rest = value.utf8[...]
        while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
            items.append(String(Substring(rest[..<comma])))
            rest = rest[rest.index(after: comma)...]
            while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        }
        items.append(String(Substring(rest)))
        return items
    }
}
