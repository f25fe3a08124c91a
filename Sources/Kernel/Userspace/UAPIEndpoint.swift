import Glibc
import Reconciler

/// The UAPI socket of a link and the question whom it belongs to.
///
/// UAPI sockets are files, and every network namespace that sees the directory sees them: a socket is ours only if it
/// was made in our namespace and the process that holds it lives there.
struct UAPIEndpoint: Sendable {
    /// Where all programs put their sockets: man 8 wg, `WG_SOCK_DIR`.
    static let directory = "/var/run/wireguard"

    /// Whom the socket of a link belongs to.
    enum Owner {
        /// There is no socket.
        case none
        /// A file is left over; nobody listens.
        case stale
        /// A program of another network namespace listens.
        case foreign
        /// A program of our namespace listens; nil when the process can't be seen (another pid namespace).
        case ours(ProcessHandle?)
    }

    /// A conversation with a program that is ours.
    struct Conversation: ~Copyable {
        let socket: UAPISocket
        let process: ProcessHandle?
    }

    let link: String
    let path: String

    init(link: String, directory: String = Self.directory) {
        self.link = link
        path = "\(directory)/\(link).sock"
    }

    /// Finds out whom the socket belongs to.
    func owner() throws(BackendError) -> Owner {
        do throws(UAPISocket.Failure) {
            return try owner(of: try UAPISocket(connectingTo: path))
        } catch {
            switch error {
            case .absent: return .none
            case .refused: return .stale
            default: throw backendError(error)
            }
        }
    }

    /// Opens a conversation with the program behind the link; nil when none listens.
    func open() throws(BackendError) -> Conversation? {
        do throws(UAPISocket.Failure) {
            let socket = try UAPISocket(connectingTo: path)
            if case .ours(let process) = try owner(of: socket) { return Conversation(socket: socket, process: process) }
        } catch {
            if error == .absent || error == .refused { return nil }
            throw backendError(error)
        }
        throw foreign
    }

    /// Removes a file that nobody listens on any more.
    func removeStale() throws(BackendError) {
        guard case .stale = try owner() else { return }
        guard unsafe unlink(path) == 0 || Glibc.errno == ENOENT else {
            throw SystemError.backend("remove the left-over socket \(path)", Glibc.errno)
        }
    }

    private func owner(of socket: borrowing UAPISocket) throws(UAPISocket.Failure) -> Owner {
        let peer = socket.peerProcess.flatMap { ProcessHandle($0) }
        let inode: UInt64
        do throws(UAPISocket.Failure) {
            guard let found = try UnixListeners.socketInode(boundTo: path) else { return .foreign }
            inode = found
        } catch .system(_, let errno) where [ENOENT, EPROTONOSUPPORT, EOPNOTSUPP].contains(errno) {
            // A kernel without unix_diag: the process that made the socket listen decides. One that forked into the
            // background can't be told from a stranger then.
            return isNeighbour(peer) ? .ours(peer) : .foreign
        }
        let holder = peer?.holds(socketInode: inode) == true ? peer : ProcessHandle.holder(ofSocketInode: inode)
        guard let holder else { return .ours(nil) }
        return isNeighbour(holder) ? .ours(holder) : .foreign
    }

    private func isNeighbour(_ process: ProcessHandle?) -> Bool {
        guard let process, let own = ProcessHandle.ownNetworkNamespace else { return false }
        return process.networkNamespace == own
    }

    /// The error of a socket that belongs to somebody else.
    var foreign: BackendError {
        BackendError(
            .terminal,
            "the socket \(path) belongs to a program in another network namespace, so it does not speak for our link "
                + "\(link); rename one of the two interfaces, or give this namespace a \(UAPIEndpoint.directory) of its own"
        )
    }

    /// The error of a conversation that failed.
    func backendError(_ failure: UAPISocket.Failure) -> BackendError {
        switch failure {
        case .absent: BackendError(.transient, "the socket \(path) is gone: the program behind \(link) has ended")
        case .refused: BackendError(.transient, "nobody listens on \(path): the program behind \(link) has ended")
        case .system(let call, let errno): SystemError.backend("\(call) \(path)", errno)
        case .incomplete(let reason): BackendError(.transient, "\(path): \(reason)")
        case .malformed(let fault): BackendError(.transient, "\(path): \(fault)")
        }
    }
}
