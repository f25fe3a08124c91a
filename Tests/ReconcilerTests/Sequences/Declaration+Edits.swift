import Model

@testable import Reconciler

/// What an edit of the documents may do to sessions.
struct Disturbance: Sendable {
    var peers: Set<PeerID> = []
    var interfaces: Set<String> = []
}

/// Edits of documents.
extension Declaration {
    /// Edits one document; nil when there is nothing to edit.
    mutating func edit(_ step: Step, now: Timestamp) -> Disturbance? {
        switch step.verb {
        case .addPeer:
            guard !interfaces.isEmpty, peers.count < 8 else { return nil }
            addPeer(to: interfaces[step.what % interfaces.count].name)
            return Disturbance()
        case .dropPeer, .renamePeer, .rekeyPeer, .movePeer, .readdressPeer, .routePeer, .secretPeer, .disablePeer,
            .enablePeer, .expirePeer, .isolatePeer, .pinPeer:
            guard !peers.isEmpty else { return nil }
            return editPeer(step.what % peers.count, step, now: now)
        case .addCrowd, .dropCrowd, .expireCrowd:
            guard !interfaces.isEmpty else { return nil }
            return editCrowd(of: interfaces[step.what % interfaces.count].name, step, now: now)
        case .toggleInterface: return toggleInterface()
        case .renameInterface, .portInterface, .mtuInterface, .addressInterface, .keyInterface, .stopInterface,
            .backendInterface, .isolateInterface, .enforceInterface, .reportInterface:
            guard !interfaces.isEmpty else { return nil }
            return editInterface(step.what % interfaces.count, step)
        default:
            editOthers(step)
            return Disturbance()
        }
    }

    private mutating func editPeer(_ index: Int, _ step: Step, now: Timestamp) -> Disturbance? {
        let id = PeerID(interface: peers[index].interface, publicKey: peers[index].publicKey)
        switch step.verb {
        case .dropPeer: peers.remove(at: index)
        case .renamePeer:
            peers[index].name += "x"
            return Disturbance()
        case .rekeyPeer: peers[index].publicKey = newKey()
        case .movePeer:
            let name = interfaces[step.how % interfaces.count].name
            peers[index].interface = name
            peers[index].ip = newAddresses(on: name)
        case .readdressPeer:
            peers[index].ip = newAddresses(on: peers[index].interface)
            return Disturbance()
        case .routePeer:
            route(index, step.how)
            return Disturbance()
        case .secretPeer:
            peers[index].presharedKey = step.how % 3 == 0 ? nil : Self.secrets[step.how % 2]
            return Disturbance()
        case .disablePeer: peers[index].enabled = false
        case .enablePeer:
            peers[index].enabled = true
            peers[index].expiresAt = nil
            return Disturbance()
        case .expirePeer: peers[index].expiresAt = now.advanced(bySeconds: Int64(1 + step.how) * 60)
        case .isolatePeer:
            peers[index].isolated = step.how % 2 == 0
            return Disturbance()
        case .pinPeer:
            peers[index].endpoint = Endpoint("192.0.2.\(1 + step.how):51820")
            return Disturbance()
        default: return nil
        }
        return Disturbance(peers: [id])
    }

    /// More peers than any rail lets go at once come, go or expire.
    private mutating func editCrowd(of interface: String, _ step: Step, now: Timestamp) -> Disturbance? {
        if step.verb == .addCrowd {
            guard peers.count < 12 else { return nil }
            for _ in 0..<12 { addPeer(to: interface) }
            return Disturbance()
        }
        if step.verb == .dropCrowd {
            peers.removeAll { $0.interface == interface }
        } else {
            for index in peers.indices where peers[index].interface == interface {
                peers[index].expiresAt = now.advanced(bySeconds: Int64(1 + step.how) * 60)
            }
        }
        return Disturbance(interfaces: [interface])
    }

    /// A network behind the peer that no other one has, everything, or nothing.
    private mutating func route(_ index: Int, _ how: Int) {
        let everything = ["0.0.0.0/0"].compactMap { Prefix($0) }
        if how % 5 == 0, !peers.contains(where: { $0.routes == everything }) {
            peers[index].routes = everything
            peers[index].endpoint = Endpoint("192.0.2.250:51820")
            return
        }
        let routes = ["10.\(100 + how % 20).0.0/16"].compactMap { Prefix($0) }
        peers[index].routes = how % 3 == 0 || peers.contains { $0.routes == routes } ? [] : routes
    }

    private mutating func toggleInterface() -> Disturbance {
        if names.contains("wg2") {
            interfaces.removeAll { $0.name == "wg2" }
            peers.removeAll { $0.interface == "wg2" }
            return Disturbance(interfaces: ["wg2"])
        }
        interfaces.append(Sample.interface("wg2", port: 51822, "10.10.0.1/24"))
        addPeer(to: "wg2")
        return Disturbance()
    }

    private mutating func editInterface(_ index: Int, _ step: Step) -> Disturbance? {
        let name = interfaces[index].name
        switch step.verb {
        case .renameInterface:
            guard !names.contains("wg3"), name != "wg2" else { return nil }
            interfaces[index].name = "wg3"
            for number in peers.indices where peers[number].interface == name { peers[number].interface = "wg3" }
            return Disturbance(interfaces: [name])
        case .portInterface: interfaces[index].listenPort = UInt16(52000 + step.how)
        case .mtuInterface: interfaces[index].mtu = step.how % 2 == 0 ? .auto : .fixed(1300 + step.how)
        case .addressInterface:
            let extra = "172.\(16 + step.what % 10).\(step.how).1/24"
            if interfaces[index].address.count > 2 {
                interfaces[index].address.removeLast()
            } else if let address = InterfaceAddress(extra) {
                interfaces[index].address.append(address)
            }
        case .keyInterface: interfaces[index].privateKey = interfaces[index].privateKey == nil ? Self.secrets[2] : nil
        case .stopInterface: interfaces[index].enabled.toggle()
        case .backendInterface:
            interfaces[index].backend = [.auto, .kernel, .userspace][step.how % 3]
            return Disturbance(interfaces: [name])
        case .isolateInterface: interfaces[index].isolatePeers.toggle()
        case .enforceInterface:
            interfaces[index].dnsEnforce.toggle()
            dns = dns ?? DNSProjectionTests.forwarder
        case .reportInterface: interfaces[index].drift = interfaces[index].drift == nil ? .report : nil
        default: return nil
        }
        return Disturbance()
    }

    private mutating func editOthers(_ step: Step) {
        switch step.verb {
        case .toggleUser:
            if step.how % 3 == 0 {
                users[1].enabled.toggle()
            } else if users.count > 2 {
                users.removeLast()
            } else {
                users.append(ProjectionTests.user("user\(step.what)", step.how % 2 == 0 ? .admin : .user))
            }
        case .changeSettings: settings.rateLimits.anonymous.read = 20 + step.how
        case .toggleDNS:
            dns = dns == nil ? DNSProjectionTests.forwarder : nil
            if dns == nil { for index in interfaces.indices { interfaces[index].dnsEnforce = false } }
        case .toggleRule:
            if rules.isEmpty { rules = DNSProjectionTests.rules } else { rules.remove(at: step.what % rules.count) }
        case .toggleAccess: hasAccess.toggle()
        case .toggleForward: hasForward.toggle()
        default: break
        }
    }
}
