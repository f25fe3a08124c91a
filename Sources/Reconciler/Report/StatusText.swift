import Model

/// A status report as text for people: what is wrong first, then the gateway, then its sessions.
public struct StatusText: Sendable {
    /// The report.
    public var report: StatusReport
    /// The colours.
    public var style: TextStyle
    /// How many peers of an interface and events are shown; nil = all.
    public var limit: Int?

    /// A rendering.
    public init(_ report: StatusReport, style: TextStyle = .plain, limit: Int? = 20) {
        self.report = report
        self.style = style
        self.limit = limit
    }

    /// The text, with a final line break.
    public func render() -> String {
        var lines = gateway()
        lines += conditions()
        lines += report.interfaces.flatMap(interface)
        lines += events()
        return lines.joined(separator: "\n") + "\n"
    }

    private func row(_ name: String, _ value: String, _ role: TextStyle.Role? = nil) -> String {
        let padding = String(repeating: " ", count: max(1, 14 - name.count))
        return style.paint(name, .heading) + padding + (role.map { style.paint(value, $0) } ?? value)
    }

    private func gateway() -> [String] {
        var lines = [row("configuration", TerminalText.escaped(report.config))]
        if let head = report.head {
            lines.append(row("revision", "\(head.id) (\(TerminalText.escaped(head.origin)))"))
            if !head.edited.isEmpty {
                let some = head.edited.prefix(3).map(TerminalText.escaped).joined(separator: ", ")
                let more = head.edited.count > 3 ? " and \(Counting.grouped(head.edited.count - 3)) more" : ""
                lines.append(row("dirty", "uncommitted edits are not applied: \(some)\(more)", .warning))
            }
            lines += head.notes.map { row("worktree", TerminalText.escaped($0), .warning) }
        }
        if let remote = report.remote { lines.append(self.remote(remote)) }
        for problem in report.headProblems {
            lines.append(row("problem", problem, .failure))
        }
        if let applied = report.lastApplied {
            lines.append(row("applied", "\(applied.id), \(ago(applied.at))"))
        } else {
            lines.append(row("applied", "nothing yet", .warning))
        }
        if let attempted = report.lastAttempted, attempted.id != report.lastApplied?.id || attempted.status == .failed {
            let why = attempted.message.isEmpty ? "" : ": \(TerminalText.escaped(attempted.message))"
            lines.append(row("last attempt", "\(attempted.id) \(attempted.status.rawValue)\(why)", .warning))
        }
        lines.append(
            row("daemon", report.daemon.map { "runs: \(TerminalText.escaped($0))" } ?? "not running"))
        if let suspension = report.suspension {
            let until = suspension.until.map { " until \($0)" } ?? ""
            lines.append(row("suspended", "\(TerminalText.escaped(suspension.reason))\(until)", .warning))
        }
        if let checkpoint = report.checkpoint {
            lines.append(self.checkpoint(checkpoint))
            if checkpoint.state.isOpen || checkpoint.state == .rolledBack {
                lines += checkpoint.probes.map { row("probe", ProbeText.line($0), ProbeText.role($0)) }
            }
        }
        if let window = report.window { lines.append(self.window(window)) }
        for revocation in report.revocations {
            lines.append(
                row(
                    "revoked",
                    "\(revocation.publicKey) until \(revocation.until) by \(TerminalText.escaped(revocation.author))",
                    .warning))
        }
        if let telemetry = report.telemetry {
            lines += TelemetryText(telemetry).rows.map { row($0.name, $0.value, $0.role) }
        }
        if let unobserved = report.unobserved {
            lines.append(row("host", TerminalText.escaped(unobserved), .failure))
        }
        return lines
    }

    private func checkpoint(_ checkpoint: Checkpoint) -> String {
        let (tried, confirmed) = (checkpoint.tried, checkpoint.confirmed)
        let why = checkpoint.message.isEmpty ? "" : ": \(TerminalText.escaped(checkpoint.message))"
        switch checkpoint.state {
        case .armed, .waiting:
            let left = max(0, checkpoint.deadline.seconds - report.at.seconds)
            return row(
                "confirmation",
                "\(tried) is undone in \(Counting.duration(seconds: left)), at \(checkpoint.deadline), unless "
                    + (checkpoint.isConfirmedByProbes ? "its probes succeed" : "it is confirmed"), .warning)
        case .rollingBack: return row("confirmation", "\(confirmed) is being restored", .failure)
        case .rolledBack:
            return row("confirmation", "\(tried) was not confirmed and was rolled back to \(confirmed)", .warning)
        case .failed: return row("confirmation", "restoring \(confirmed) FAILED\(why)", .failure)
        case .confirmed: return row("confirmation", "\(tried) was confirmed by \(why)")
        }
    }

    private func window(_ window: ClosedWindow) -> String {
        let waiting = window.effect == .holds ? "; the newer revision waits" : ""
        if let failure = window.failure {
            let why = "\(window.revision), which is in force, can't be read: \(TerminalText.escaped(failure))"
            return row("change window", why + waiting, .failure)
        }
        return row("change window", "closed, \(window.opening)\(waiting)", .warning)
    }

    private func remote(_ remote: StatusReport.Remote) -> String {
        var facts: [String] = []
        if remote.ahead > 0 { facts.append("ahead \(Counting.grouped(remote.ahead))") }
        if remote.behind > 0 { facts.append("behind \(Counting.grouped(remote.behind))") }
        let checked = remote.checked.map { "looked at \(ago($0))" }
        switch remote.state {
        case "in_sync": facts.append("in sync")
        case "unknown": facts.append("not looked at yet, `wirebuddy serve` follows it")
        case "diverged", "unreachable":
            let since = remote.since.map { " since \($0)" } ?? ""
            facts.append("\(remote.state)\(since): \(TerminalText.escaped(remote.reason))")
        default: break
        }
        if remote.since == nil, let checked { facts.append(checked) }
        let isGood = ["in_sync", "unknown"].contains(remote.state)
        return row(
            "remote", "\(TerminalText.escaped(remote.name)): \(facts.joined(separator: ", "))", isGood ? nil : .warning)
    }

    private func conditions() -> [String] {
        let holding = report.conditions.filter(\.holds)
        guard !holding.isEmpty else { return [] }
        var lines = [""]
        for condition in holding.prefix(limit ?? holding.count) {
            let object = condition.object.map { " \(TerminalText.escaped($0.description))" } ?? ""
            // A message of several lines goes on below, indented.
            let said = condition.message.split(separator: "\n").map { TerminalText.escaped(String($0)) }
            let message = said.first.map { ": \($0)" } ?? ""
            let role: TextStyle.Role =
                switch condition.kind {
                case .ready: .good
                case .stalled: .failure
                default: .warning
                }
            lines.append("\(style.paint(condition.kind.rawValue, role))\(object)\(message) (\(ago(condition.since)))")
            lines += said.dropFirst().map { "    \($0)" }
        }
        if let limit, holding.count > limit {
            lines.append(style.paint("… and \(Counting.counted(holding.count - limit, "more condition"))", .faint))
        }
        return lines
    }

    private func interface(_ interface: InterfaceStatus) -> [String] {
        let live = interface.peers.count(where: \.isLive)
        var facts = [interface.isUp ? style.paint("up", .good) : style.paint("down", .warning)]
        if let implementation = interface.implementation { facts.append(implementation.rawValue) }
        if let port = interface.listenPort { facts.append("port \(port)") }
        if !interface.addresses.isEmpty {
            facts.append(interface.addresses.map(\.description).joined(separator: ", "))
        }
        facts.append("\(Counting.counted(interface.peers.count, "peer")), \(Counting.grouped(live)) live")
        var lines = ["", "\(style.paint("interface \(interface.name)", .heading)): \(facts.joined(separator: ", "))"]
        lines += interface.peers.prefix(limit ?? interface.peers.count).map(peer)
        if let limit, interface.peers.count > limit {
            let more = Counting.counted(interface.peers.count - limit, "more peer")
            lines.append("  " + style.paint("… and \(more) (--all shows them)", .faint))
        }
        return lines
    }

    private func peer(_ peer: PeerStatus) -> String {
        let mark = peer.isLive ? style.paint("●", .good) : style.paint("○", .faint)
        let name = peer.name.map(TerminalText.escaped) ?? "\(peer.publicKey) (not declared)"
        var facts: [String] = []
        if let handshake = peer.lastHandshake {
            facts.append("handshake \(ago(handshake))")
            if let endpoint = peer.endpoint { facts.append("from \(endpoint)") }
            facts.append("received \(Self.bytes(peer.receivedBytes)), sent \(Self.bytes(peer.sentBytes))")
        } else {
            facts.append("never connected")
        }
        return "  \(mark) \(name): \(facts.joined(separator: ", "))"
    }

    private func events() -> [String] {
        guard !report.events.isEmpty else { return [] }
        let shown = report.events.prefix(limit.map { min($0, 5) } ?? report.events.count)
        return ["", style.paint("last events", .heading)]
            + shown.map { event in
                let object = event.object.map { "\($0): " } ?? ""
                return "  \(event.at) \(event.kind.rawValue) \(TerminalText.escaped(object + event.message))"
            }
    }

    private func ago(_ at: Timestamp) -> String {
        "\(Counting.duration(seconds: report.at.seconds - at.seconds)) ago"
    }

    /// `1.4 MiB`, in the units of `wg show`.
    static func bytes(_ count: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var (value, unit) = (Double(count), 0)
        while value >= 1024, unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        guard unit > 0 else { return "\(count) B" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
