import Model

@testable import Reconciler

/// What somebody else does at the database.
extension World {
    func tamperWithRows(_ step: Step) {
        let (what, how) = (step.what, step.how)
        let names = gateway.inventory.current.interfaces.keys.sorted()
        switch step.verb {
        case .rowDelete, .rowChange, .rowPlant: gateway.rows.edit { Self.edit(&$0, step) }
        case .forgetInterface:
            guard !names.isEmpty else { return }
            note(names[what % names.count])
            gateway.inventory.edit { $0.interfaces[names[what % names.count]] = nil }
        case .misplaceInterface:
            guard !names.isEmpty else { return }
            note(names[what % names.count])
            gateway.inventory.edit { rows in
                switch how % 3 {
                case 0: rows.interfaces[names[what % names.count]]?.index = 900 + how
                case 1: rows.interfaces[names[what % names.count]]?.index = nil
                default:
                    rows.interfaces[names[what % names.count]]?.host = HostIdentity(bootID: "other", namespace: 1)
                }
            }
        case .forgetRecords:
            lostRecords = true
            gateway.inventory.edit { rows in
                rows.applied = how % 2 == 0 ? [:] : rows.applied.filter { $0.key.kind != .peer }
            }
        case .garbleRecords:
            lostRecords = true
            let text = how % 2 == 0 ? "" : "garbled"
            gateway.inventory.edit { rows in rows.applied = rows.applied.mapValues { _ in text } }
        case .forgetFirewall: gateway.inventory.edit { $0.firewall = nil }
        case .forgetSysctls:
            lostParameters = true
            gateway.inventory.edit { $0.sysctls = [:] }
        default:
            gateway.inventory.edit { rows in
                (rows.peers, rows.endpoints, rows.released) = ([:], [:], [:])
                if how % 2 == 0 { rows.expired = [:] }
            }
            if how % 2 == 0 { expired = [:] }
        }
    }

    private static func edit(_ rows: inout ProjectedState, _ step: Step) {
        switch step.verb {
        case .rowDelete:
            switch step.how % 3 {
            case 0: rows.users = []
            case 1: rows.settings = [:]
            default: rows.dns.rules = []
            }
        case .rowChange:
            if !rows.users.isEmpty {
                let index = step.what % rows.users.count
                if step.how % 2 == 0 { rows.users[index].role = .admin } else { rows.users[index].enabled.toggle() }
            }
            rows.settings["rate_limits.anonymous.read"] = "\(step.how)"
        default:
            rows.users.append(ProjectedUser(id: "planted-\(step.how)", username: "mallory\(step.how)", role: .admin))
            rows.users.sort(by: ProjectedUser.order)
        }
    }
}
