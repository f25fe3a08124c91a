import CLibC
import Glibc

/// Starts programs that are to outlive this process: in a session of their own, with no signal blocked or ignored, and with
/// none of our descriptors but the first three that the actions make (man 3 posix_spawn).
enum SessionSpawn {
    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: the program.
    ///   - arguments: the words of its command line, its name first.
    ///   - prepare: says what its first three descriptors are.
    /// - Returns: its id, or the error number.
    static func start(
        _ path: String, _ arguments: [String], environment: [String],
        prepare: (inout posix_spawn_file_actions_t) -> Void
    ) -> Result<pid_t, SystemCode> {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe prepare(&actions)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | wirebuddy_POSIX_SPAWN_SETSID)
        var id: pid_t = 0
        let status = unsafe withCStrings(arguments) { words in
            unsafe withCStrings(environment) { variables in
                unsafe posix_spawn(&id, path, &actions, &attributes, words, variables)
            }
        }
        return status == 0 ? .success(id) : .failure(SystemCode(number: status))
    }

    /// The number of an error of the system.
    struct SystemCode: Error {
        let number: Int32
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe body(copies + [nil])
    }
}
