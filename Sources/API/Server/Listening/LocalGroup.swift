import Glibc

/// Users and groups of this host.
enum LocalGroup {
    /// The number of a group.
    ///
    /// - Throws: ``ServerFailure`` when there is none of that name.
    static func id(of name: String) throws(ServerFailure) -> gid_t {
        var entry = unsafe group()
        var result: UnsafeMutablePointer<group>?
        var room = [CChar](repeating: 0, count: 64 << 10)
        guard unsafe getgrnam_r(name, &entry, &room, room.count, &result) == 0, unsafe result != nil else {
            throw ServerFailure("api.socket_group \(name) is no group of this host: make it with `groupadd \(name)`")
        }
        return unsafe entry.gr_gid
    }
}

/// The process at the other end of a unix socket, as the kernel tells (`SO_PEERCRED`, `unix(7)`).
struct LocalUser: Sendable, Hashable {
    /// The number of the user.
    let uid: uid_t
    /// The number of the group the process runs as.
    let gid: gid_t

    /// The login name; the number when there is none.
    var name: String { login ?? "uid \(uid)" }

    /// Whether he is in a group.
    func isMember(of group: gid_t) -> Bool {
        if gid == group { return true }
        guard let login else { return false }
        var count: CInt = 1024
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard unsafe getgrouplist(login, gid, &groups, &count) >= 0 else { return false }
        return groups.prefix(Int(count)).contains(group)
    }

    private var login: String? {
        var entry = unsafe passwd()
        var result: UnsafeMutablePointer<passwd>?
        var room = [CChar](repeating: 0, count: 16 << 10)
        guard unsafe getpwuid_r(uid, &entry, &room, room.count, &result) == 0, unsafe result != nil,
            let name = unsafe entry.pw_name
        else { return nil }
        return unsafe String(cString: name)
    }
}
