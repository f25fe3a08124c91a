import Glibc

/// Who types the commands.
enum Author {
    /// The login name: of the user behind `sudo` where there is one.
    static var name: String {
        if let user = Environment["SUDO_USER"], !user.isEmpty { return user }
        if let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name {
            return unsafe String(cString: name)
        }
        return "uid \(getuid())"
    }
}
