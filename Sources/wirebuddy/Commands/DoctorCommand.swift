import ArgumentParser
import Kernel
import Model
import Reconciler
import Repository

/// `wirebuddy doctor`.
struct DoctorCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what this host has and lacks, and print every setting with its origin.",
        discussion: """
            Example: wirebuddy doctor --config /etc/wirebuddy

            Each line is ok, a note, or missing, with what to do. Ends with 1 when something is missing that this gateway \
            needs. Nothing is changed.
            """)

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let checks = composition.checks
        let now = composition.clock.now()
        let catalog = try? await composition.repository.read(now: now).catalog
        let observed = await composition.observedForChecks(catalog)
        let kernel = checks.kernelModule(answers: observed?.kernelWireGuard)
        let hasKernel = if case .good = kernel.finding { true } else { false }
        let found =
            [checks.networkRights(), checks.kernel(), kernel]
            + [checks.tun(), checks.userspace()].map { hasKernel ? $0.optional : $0 }
            + [checks.nft(), checks.forwarding(), checks.git(), checks.config(), checks.state(), checks.room()]
            + [composition.databaseCheck(), checks.permissions(), checks.lastBackup(now)].compactMap(\.self)
            + [checks.clock(now), checks.clockSource(now)]
            + (await composition.sealingChecks())
            + [
                checks.remote(await composition.repository.remoteNames()), await composition.remoteCheck(),
                checks.signatures(), checks.certificate(), checks.gitSecret(), checks.firewallIntegrations(),
                composition.firewallCheck(observed),
                checks.otherConfigurators(of: catalog?.interfaces.map(\.name) ?? []), checks.watchdog(),
            ].compactMap(\.self) + checks.hooks()
        console.result(
            text: text(found, composition, console.style), json: json(found, composition.settings))
        return found.contains { $0.failure != nil } ? .error : .success
    }

    private func text(_ checks: [HostCheck], _ composition: GatewayComposition, _ style: TextStyle) -> String {
        let table = composition.settings.table
        let width = (checks.map(\.name.count) + table.map(\.name.count)).max() ?? 0
        let padded = { (name: String) in name + String(repeating: " ", count: width - name.count) }
        var lines = checks.map { check in
            switch check.finding {
            case .good(let text): "\(style.paint("ok     ", .good)) \(padded(check.name))  \(text)"
            case .warning(let text): "\(style.paint("note   ", .warning)) \(padded(check.name))  \(text)"
            case .failure(let text): "\(style.paint("missing", .failure)) \(padded(check.name))  \(text)"
            }
        }
        lines += ["", style.paint("settings", .heading)] + composition.warnings
        lines += table.map { name, value, origin in
            "        \(padded(name))  \(TerminalText.escaped(value)) \(style.paint("(\(origin))", .faint))"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(_ checks: [HostCheck], _ settings: HostSettings) -> JSONValue {
        .object([
            ("document", .string("doctor")),
            (
                "checks",
                .array(
                    checks.map { check in
                        let (result, text) =
                            switch check.finding {
                            case .good(let text): ("ok", text)
                            case .warning(let text): ("note", text)
                            case .failure(let text): ("missing", text)
                            }
                        return .object([
                            ("name", .string(check.name)), ("result", .string(result)), ("message", .string(text)),
                        ])
                    })
            ),
            (
                "settings",
                .array(
                    settings.table.map { name, value, origin in
                        .object([
                            ("name", .string(name)), ("value", .string(value)),
                            ("origin", .string(origin.description)),
                        ])
                    })
            ),
        ])
    }
}
