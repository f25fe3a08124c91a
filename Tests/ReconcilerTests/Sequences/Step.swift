/// What can happen to a gateway.
enum Verb: String, CaseIterable, Sendable {
    // Documents that somebody pushes, or writes by REST.
    case addPeer, dropPeer, renamePeer, rekeyPeer, movePeer, readdressPeer, routePeer, secretPeer, disablePeer
    case enablePeer, expirePeer, isolatePeer, pinPeer, addCrowd, dropCrowd, expireCrowd
    case toggleInterface, renameInterface, portInterface, mtuInterface, addressInterface, keyInterface, stopInterface
    case backendInterface, isolateInterface, enforceInterface, reportInterface
    case toggleUser, changeSettings, toggleDNS, toggleRule, toggleAccess, toggleForward, breakHead
    case deleteByName, revokeKey, unrevokeKey, suspend, resume
    case tryHead, confirmTrial, endTrial, watchdogDies
    // Somebody else at the kernel.
    case linkDown, linkDelete, linkRename, linkUnmark, linkMTU, addressAdd, addressRemove, peerRemove, peerPlant
    case peerSteal, peerChange, portSet, keySet, fwmarkSet, routeRemove, routePlant, rulePlant, rulesRemove
    case tableDelete, tableEdit, elementAdd, elementRemove, sysctlSet, dockerStart, dockerStop, dockerFlush
    case foreignAdd, nameTake, orphanPlant, advertise
    // Somebody else at the database.
    case rowDelete, rowChange, rowPlant, forgetInterface, misplaceInterface, forgetRecords, garbleRecords
    case forgetFirewall, forgetSysctls, forgetPeers
    // What fails.
    case failOperation, loseOperation, dieAfterOperation, dieAfterWrite, unreadable, fullInventory, fullRows
    // What ends and what goes on.
    case restart, clockForward, clockBack, wait, reboot, backendDeath, pass, apply, down
}

extension Verb {
    /// Verbs that have to do with each other.
    static let themes: [[Verb]] = [
        [.expirePeer, .expireCrowd, .clockForward, .clockBack, .wait, .pass, .restart, .enablePeer, .forgetPeers],
        [
            .linkUnmark, .forgetInterface, .misplaceInterface, .toggleInterface, .renameInterface, .linkRename,
            .nameTake, .orphanPlant, .reboot, .linkDelete, .restart, .dieAfterWrite, .down,
        ],
        [
            .failOperation, .loseOperation, .dieAfterOperation, .dieAfterWrite, .unreadable, .fullInventory, .pass,
            .toggleInterface, .addPeer, .movePeer, .addressInterface, .stopInterface, .linkDelete, .tableDelete,
        ],
        [
            .advertise, .sysctlSet, .forgetSysctls, .reboot, .stopInterface, .toggleInterface, .failOperation, .down,
            .dieAfterWrite, .routePeer,
        ],
        [
            .peerSteal, .peerPlant, .peerChange, .peerRemove, .routePeer, .movePeer, .readdressPeer, .rekeyPeer,
            .deleteByName, .revokeKey, .disablePeer, .enablePeer, .forgetRecords, .suspend, .failOperation, .pinPeer,
        ],
        [
            .tableDelete, .tableEdit, .elementAdd, .elementRemove, .dockerStart, .dockerStop, .dockerFlush,
            .enforceInterface, .isolateInterface, .isolatePeer, .toggleAccess, .toggleForward, .forgetFirewall,
            .failOperation, .loseOperation, .routePeer, .reboot,
        ],
        [
            .tryHead, .confirmTrial, .endTrial, .watchdogDies, .pass, .wait, .restart, .addPeer, .dropPeer,
            .disablePeer, .deleteByName, .readdressPeer, .addressInterface, .stopInterface, .toggleInterface,
            .toggleAccess, .dieAfterWrite, .dieAfterOperation, .fullInventory, .breakHead, .linkDelete, .reboot,
        ],
        [
            .keyInterface, .portInterface, .disablePeer, .deleteByName, .enablePeer, .breakHead, .pass, .suspend,
            .resume, .linkDelete, .restart, .wait,
        ],
        [
            .addCrowd, .dropCrowd, .expireCrowd, .breakHead, .apply, .pass, .suspend, .resume, .toggleInterface,
            .keyInterface, .portInterface, .fullInventory, .fullRows, .toggleUser, .rowPlant, .rowDelete, .restart,
        ],
    ]
}

/// One step: a verb and two numbers, which count modulo what is there. So a sequence stays one when steps are left out.
struct Step: Hashable, Sendable, CustomStringConvertible {
    var verb: Verb
    var what: Int
    var how: Int

    init(_ verb: Verb, _ what: Int, _ how: Int) {
        (self.verb, self.what, self.how) = (verb, what, how)
    }

    /// Reads what ``description`` wrote.
    init?(_ text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 3, let verb = Verb(rawValue: String(words[0])), let what = Int(words[1]),
            let how = Int(words[2])
        else { return nil }
        self.init(verb, what, how)
    }

    var description: String { "\(verb.rawValue) \(what) \(how)" }
}
