/// What can happen to a gateway.
enum Verb: String, CaseIterable, Sendable {
    // Documents that somebody pushes, or writes by REST.
    case addPeer, dropPeer, renamePeer, rekeyPeer, movePeer, readdressPeer, routePeer, secretPeer, disablePeer
    case enablePeer, expirePeer, isolatePeer, pinPeer, addCrowd, dropCrowd, expireCrowd
    case toggleInterface, renameInterface, portInterface, mtuInterface, addressInterface, keyInterface, stopInterface
    case backendInterface, isolateInterface, enforceInterface, reportInterface
    case toggleUser, changeSettings, toggleDNS, toggleRule, toggleAccess, toggleForward, breakHead
    case deleteByName, revokeKey, unrevokeKey, suspend, resume
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

/// SplitMix64: the same numbers for a seed on every machine, so that a failure can be repeated.
struct SeededSteps: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
