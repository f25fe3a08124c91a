internal import CLibMnl

/// The counter of nftables transactions in a network namespace (`NFT_MSG_NEWGEN`, `<linux/netfilter/nf_tables.h>`).
///
/// While it stands still the ruleset is the same.
public struct RulesetGeneration: Hashable, Sendable {
    /// Grows by one with each transaction (`NFTA_GEN_ID`).
    public var id: UInt32
    /// The process that made the transaction, or asked for the counter (`NFTA_GEN_PROC_PID`).
    public var processID: UInt32?
    /// Its name, at most 15 bytes (`NFTA_GEN_PROC_NAME`).
    public var processName: String?

    /// A generation with the given values.
    public init(id: UInt32, processID: UInt32? = nil, processName: String? = nil) {
        self.id = id
        self.processID = processID
        self.processName = processName
    }
}

extension RulesetGeneration {
    /// Length of `struct nfgenmsg`: family, version, resource id.
    static let headerLength = 4
    /// The subsystem stands in the upper byte of a message's type.
    static let newType = NFNL_SUBSYS_NFTABLES_value << 8 | NFT_MSG_NEWGEN_value

    init(decoding message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(Self.headerLength, "a ruleset generation")
        var id: UInt32?
        var processID: UInt32?
        var processName: String?
        var attributes = message.attributes(after: Self.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            // nfnetlink has integers in network byte order.
            case NFTA_GEN_ID: id = UInt32(bigEndian: try attribute.integer(in: bytes))
            case NFTA_GEN_PROC_PID: processID = UInt32(bigEndian: try attribute.integer(in: bytes))
            case NFTA_GEN_PROC_NAME: processName = attribute.string(in: bytes)
            default: break
            }
        }
        guard let id else { throw .malformed("a ruleset generation without NFTA_GEN_ID") }
        self.init(id: id, processID: processID, processName: processName)
    }

    static func getRequest() -> MessageBuilder {
        var request = MessageBuilder(type: NFNL_SUBSYS_NFTABLES_value << 8 | NFT_MSG_GETGEN_value)
        request.append(UInt32(0))
        return request
    }
}

private let NFNL_SUBSYS_NFTABLES_value = Int(NFNL_SUBSYS_NFTABLES)
private let NFT_MSG_NEWGEN_value = Int(NFT_MSG_NEWGEN.rawValue)
private let NFT_MSG_GETGEN_value = Int(NFT_MSG_GETGEN.rawValue)
