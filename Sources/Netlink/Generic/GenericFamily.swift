internal import CLibMnl

/// A generic netlink family as the kernel registered it (`CTRL_CMD_NEWFAMILY`, `<linux/genetlink.h>`).
public struct GenericFamily: Hashable, Sendable {
    /// The family's name, such as "wireguard".
    public var name: String
    /// The message type to send to it, given out when its module was loaded.
    public var id: UInt16
    /// The version of its interface.
    public var version: UInt32
    /// Its multicast groups, name and group number, in the kernel's order.
    public var groups: [Group]

    /// One multicast group of a family.
    public struct Group: Hashable, Sendable {
        /// The group's name.
        public var name: String
        /// The group's number, for joining it.
        public var id: UInt32
    }
}

extension GenericFamily {
    /// Length of `struct genlmsghdr`: command, version, two reserved bytes.
    static let headerLength = 4

    init(decoding message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(Self.headerLength, "a generic netlink family")
        self.init(name: "", id: 0, version: 0, groups: [])
        var attributes = message.attributes(after: Self.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case CTRL_ATTR_FAMILY_NAME: name = attribute.string(in: bytes)
            case CTRL_ATTR_FAMILY_ID: id = try attribute.integer(in: bytes)
            case CTRL_ATTR_VERSION: version = try attribute.integer(in: bytes)
            case CTRL_ATTR_MCAST_GROUPS:
                var entries = attribute.nested
                while let entry = try entries.next(in: bytes) { groups.append(try Self.group(entry, in: bytes)) }
            default: break
            }
        }
        // GENL_MIN_ID: the ids below belong to netlink itself.
        guard id >= 0x10 else { throw .malformed("generic netlink family '\(name)' with id \(id)") }
    }

    private static func group(_ entry: Attribute, in bytes: RawSpan) throws(NetlinkError) -> Group {
        var group = Group(name: "", id: 0)
        var attributes = entry.nested
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case CTRL_ATTR_MCAST_GRP_NAME: group.name = attribute.string(in: bytes)
            case CTRL_ATTR_MCAST_GRP_ID: group.id = try attribute.integer(in: bytes)
            default: break
            }
        }
        return group
    }

    // genl ctrl get name NAME
    static func getRequest(name: String) -> MessageBuilder {
        var request = MessageBuilder(type: Int(GENL_ID_CTRL))
        request.append(genericHeader(command: UInt8(CTRL_CMD_GETFAMILY), version: 1))
        request.put(CTRL_ATTR_FAMILY_NAME, name)
        return request
    }

    /// `struct genlmsghdr` as one integer.
    static func genericHeader(command: UInt8, version: UInt8) -> UInt32 {
        (UInt32(command) | UInt32(version) << 8).littleEndian
    }
}
