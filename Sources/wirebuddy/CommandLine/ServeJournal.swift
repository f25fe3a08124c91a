import API
import Logging
import Model
import Reconciler
import Synchronization

/// What `serve` tells: at start what it did and where to look, then one line per pass that changed something.
final class ServeJournal: Sendable {
    private let console: Console
    private let gateway: RunningGateway
    private let told = Mutex(Told())

    private struct Told {
        var hasBegun = false
        /// The last complaint, so that the same one isn't told in each pass.
        var trouble: String?
    }

    init(console: Console, gateway: RunningGateway) {
        self.console = console
        self.gateway = gateway
    }

    private var options: String { gateway.composition.global.repeated }

    /// Says what begins.
    func begin(warnings: [String], api: APIServer) {
        let settings = gateway.composition.settings
        tell("serving \(settings.config.content), state in \(settings.state.content)")
        for warning in warnings { tell(warning) }
        let places =
            api.addresses.map { "\(api.isSecure ? "https" : "http")://\($0)" } + [api.socketPath].compactMap(\.self)
        tell("the API answers on \(places.joined(separator: " and "))")
        if let address = api.metricsAddress { tell("metrics are answered to everybody on http://\(address)/metrics") }
    }

    /// Says what ends.
    func end() {
        tell("ended; the gateway keeps running until `wirebuddy down\(options)`")
    }

    /// Notes a pass: the first with everything, later ones in one line, quiet ones not at all.
    func note(_ report: PassReport) {
        let trouble = Self.trouble(report)
        let (isFirst, isNew) = told.withLock { told in
            defer {
                told.hasBegun = true
                told.trouble = trouble
            }
            return (!told.hasBegun, told.trouble != trouble)
        }
        // What was done is told beside a trouble that stands, too.
        let hasDone = report.results.contains { $0.outcome == .done }
        let text = PassText(report, limit: 20, applyCommand: "wirebuddy apply\(options)")
        if isFirst {
            if console.format == .text { Console.write(Array(text.render().utf8), to: 1) }
            for line in whereToLook(report) { tell(line) }
        } else if let line = text.line(), isNew || trouble == nil || hasDone {
            tell(line)
        } else if isNew, let trouble {
            tell(trouble)
        } else if isNew {
            tell("all is well again: revision \(report.inForce ?? "none") is in force")
        }
        if console.format == .json, isFirst || !report.plan.changes.isEmpty || isNew {
            console.result(text: "", json: PassJSON(report, exitCode: report.exitCode.rawValue).apply)
        }
    }

    /// What holds the gateway back, in one line; nil when nothing does.
    static func trouble(_ report: PassReport) -> String? {
        var parts: [String] = []
        switch report.revisionFailure {
        case .unreadable(let why): parts.append("the configuration can't be read: \(why)")
        case .invalid(let revision, let problems):
            let first = problems.first?.split(separator: "\n").first.map { ": \($0)" } ?? ""
            let more = problems.count > 1 ? " (and \(Counting.grouped(problems.count - 1)) more)" : ""
            parts.append("revision \(revision) is not valid and not applied\(first)\(more)")
        case nil: break
        }
        for refusal in report.plan.refusals {
            parts.append(
                "refused by rail \(refusal.rail): \(refusal.message); approve it with --approve \(refusal.digest)")
        }
        for problem in report.plan.problems.prefix(3) { parts.append("\(problem.object): \(problem.message)") }
        for (change, outcome) in report.results {
            switch outcome {
            case .failed(let message, _): parts.append("\(change.object): \(message)")
            case .held:
                // It waits for its next try: that is the same trouble still.
                guard let failure = report.failing[change.object] else { continue }
                parts.append("\(change.object): \(failure.message)")
            case .planned, .done, .notTried: continue
            }
            if parts.count > 5 { break }
        }
        if let failure = report.storeFailure { parts.append("the state can't be written: \(failure)") }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private func whereToLook(_ report: PassReport) -> [String] {
        let catalog = gateway.controller.view?.catalog
        var lines: [String] = []
        for interface in catalog?.interfaces ?? [] {
            guard let device = report.observed.devices[interface.name] else { continue }
            let program = gateway.composition.settings.userspace.content
            let why =
                switch (device.implementation, interface.backend) {
                case (.kernel, .auto): "in the kernel: its WireGuard module answers"
                case (.userspace, .auto): "in userspace by \(program): this kernel offers no WireGuard"
                case (.kernel, _): "in the kernel"
                case (.userspace, _): "in userspace by \(program)"
                }
            lines.append("interface \(interface.name) runs \(why)")
        }
        let first = catalog?.interfaces.first?.name ?? "wg0"
        lines.append("look at it: wirebuddy status\(options); wg show \(first); nft list table inet wirebuddy")
        return lines
    }

    func tell(_ line: String) {
        let line = TerminalText.escaped(line)
        switch console.format {
        case .text:
            Console.write(Array("\(gateway.composition.clock.now()) \(line)\n".utf8), to: 1)
        case .json: console.message(line)
        }
    }
}
