internal import CLibMnl

/// A generic netlink socket that finds families by name (`<linux/genetlink.h>`).
///
/// Use one socket from one thread at a time. It stays in the namespace that the creating thread was in.
public final class GenericSocket {
    let conversation: Conversation
    private var families: [String: GenericFamily] = [:]

    /// Opens a socket in the thread's network namespace. Throws `NetlinkError.system`.
    public convenience init() throws(NetlinkError) {
        try self.init(NetlinkSocket(bus: NETLINK_GENERIC, receiveBuffer: 1 << 20))
    }

    init(_ transport: any Transport) { conversation = Conversation(transport) }

    /// The family of this name, asked for once; the kernel loads its module if it can.
    ///
    /// Throws `NetlinkError.noSuchFamily`.
    public func family(named name: String) throws(NetlinkError) -> GenericFamily {
        if let family = families[name] { return family }
        let request = GenericFamily.getRequest(name: name)
        do throws(NetlinkError) {
            let family = try conversation.get(request, "look up generic netlink family \(name)") {
                (message, bytes) throws(NetlinkError) in
                message.type == Int(GENL_ID_CTRL) ? try GenericFamily(decoding: message, in: bytes) : nil
            }
            families[name] = family
            return family
        } catch .refused(let refusal) where refusal.errno == ENOENT {
            throw .noSuchFamily(name)
        }
    }

    /// Forgets the families, whose ids change when a module is loaded again.
    func forgetFamilies() { families = [:] }
}
