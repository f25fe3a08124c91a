import Model

/// What differs between a declared interface and its link and device, without the peers.
struct InterfaceDifferences {
    private(set) var mtu: (before: Int, after: Int)?
    private(set) var state: (before: Bool, after: Bool)?
    private(set) var addedAddresses: [InterfaceAddress] = []
    private(set) var removedAddresses: [InterfaceAddress] = []
    private(set) var port: (before: UInt16, after: UInt16)?
    private(set) var fwmark: (before: UInt32, after: UInt32)?
    private(set) var key: (before: SecretKey?, after: SecretKey)?
    private let observedAddresses: [InterfaceAddress]
    private let desiredAddresses: [InterfaceAddress]

    init(_ interface: DesiredInterface, link: ObservedLink, device: ObservedDevice) {
        observedAddresses = link.addresses.sorted()
        desiredAddresses = interface.addresses
        if link.mtu != interface.mtu { mtu = (link.mtu, interface.mtu) }
        if link.isUp != interface.isUp { state = (link.isUp, interface.isUp) }
        if observedAddresses != desiredAddresses {
            let (have, want) = (Set(observedAddresses), Set(desiredAddresses))
            // The kernel takes the IPv6 addresses from a link that goes down (`keep_addr_on_down` in ip-sysctl): they come
            // back before it goes up.
            addedAddresses = desiredAddresses.filter {
                !have.contains($0) && (interface.isUp || $0.address.family == .ipv4)
            }
            removedAddresses = observedAddresses.filter { !want.contains($0) }
        }
        if device.listenPort != interface.listenPort, interface.isUp || device.listenPort != 0 {
            port = (device.listenPort, interface.listenPort)
        }
        if device.fwmark != interface.fwmark { fwmark = (device.fwmark, interface.fwmark) }
        if let wanted = interface.privateKey, device.privateKey?.clamped != wanted.clamped {
            key = (device.privateKey, wanted)
        }
    }

    var isEmpty: Bool {
        mtu == nil && state == nil && addedAddresses.isEmpty && removedAddresses.isEmpty && port == nil
            && fwmark == nil && key == nil
    }

    var changesKey: Bool { key != nil }
    var changesPort: Bool { port != nil }

    /// The change of the device, or nil when it stays.
    var device: DeviceChange? {
        port == nil && fwmark == nil && key == nil
            ? nil : DeviceChange(privateKey: key?.after, listenPort: port?.after, fwmark: fwmark?.after)
    }

    var impact: Change.Impact {
        if key != nil || port != nil { return .reimport }
        if state?.after == false { return .sessionLoss }
        return .none
    }

    /// The fields that change; `key` holds the masks of the old and new private key.
    func fields(key mask: (before: String?, after: String?), marked: Bool) -> [FieldChange] {
        var fields: [FieldChange] = []
        if !addedAddresses.isEmpty || !removedAddresses.isEmpty {
            fields.append(
                FieldChange(
                    "address", before: PlanBuilder.list(observedAddresses), after: PlanBuilder.list(desiredAddresses)))
        }
        if let port { fields.append(FieldChange("listen_port", before: "\(port.before)", after: "\(port.after)")) }
        if let mtu { fields.append(FieldChange("mtu", before: "\(mtu.before)", after: "\(mtu.after)")) }
        if key != nil { fields.append(FieldChange("private_key", before: mask.before, after: mask.after)) }
        if let fwmark { fields.append(FieldChange("fwmark", before: "\(fwmark.before)", after: "\(fwmark.after)")) }
        if let state {
            let (before, after) = (state.before ? "up" : "down", state.after ? "up" : "down")
            fields.append(FieldChange("link", before: before, after: after))
        }
        if !marked { fields.append(FieldChange("mark", before: nil, after: LinkMark.text)) }
        return fields
    }
}
