import Gateway
import HTTPTypes
import Manifest
import Model

/// How requests become writes of peers.
enum PeerWrites {
    static func create(_ request: APIRequest, _ services: APIServices) throws(APIFailure) -> APIWrite {
        do throws(GatewayFailure) {
            let creation = try PeerCreation(try BodyEdits(request.body, kind: .peer, shown: nil))
            return APIWrite(
                intent: .createPeer(creation, host: services.hostRecipient), creates: true, references: references,
                show: show)
        } catch {
            throw APIFailure(error)
        }
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let state = try await services.state()
        guard let position = state.index.position(of: request.parameter("id")) else { throw .notFound }
        let body: BodyEdits
        do throws(GatewayFailure) {
            body = try BodyEdits(request.body, kind: .peer, shown: state.peers.document(at: position))
        } catch {
            throw APIFailure(error)
        }
        return try await write(request, services) { selector in
            .updatePeer(selector, body.edits, secrets: body.secrets, host: services.hostRecipient)
        }
    }

    /// A write of the peer that the path names by its id.
    static func write(
        _ request: APIRequest, _ services: APIServices, _ intent: (PeerSelector) -> Intent
    ) async throws(APIFailure) -> APIWrite {
        let id = request.parameter("id")
        guard let last = try await services.state().index.identity(of: id) else { throw .notFound }
        let selector = PeerSelector(id: id, last: last)
        return APIWrite(
            intent: intent(selector),
            tag: { tree in (try? selector.peer(in: tree)).map { ObjectTag.of($0) } }, references: references, show: show
        )
    }

    /// The peer of the path as it is shown; also one that nobody declares any more, as long as the kernel has it.
    static func visible(_ request: APIRequest, in state: ResourceState) throws(APIFailure) -> ShownObject {
        if let position = position(request, in: state) { return shown(at: position, in: state) }
        let id = request.parameter("id").lowercased()
        guard request.principal.isAdmin, let peer = state.observed.lingering.first(where: { $0.id == id }) else {
            throw .notFound
        }
        return lingering(peer, in: state)
    }

    /// The peer of the path, where its id is known and it is not somebody else's.
    static func visiblePeer(_ request: APIRequest, in state: ResourceState) throws(APIFailure) -> Peer {
        try visibleEntry(request, in: state).peer
    }

    /// The same with its id.
    static func visibleEntry(
        _ request: APIRequest, in state: ResourceState
    ) throws(APIFailure) -> DeclaredIndex.Entry {
        guard let position = position(request, in: state) else { throw .notFound }
        return state.index.peers[position]
    }

    private static func position(_ request: APIRequest, in state: ResourceState) -> Int? {
        guard let position = state.index.position(of: request.parameter("id")),
            PeerScope(request.principal, state).contains(state.index.peers[position].peer)
        else { return nil }
        return position
    }

    /// A peer that was not removed: declared no more, and still let in.
    private static func lingering(_ gone: ObservedIndex.Lingering, in state: ResourceState) -> ShownObject {
        let seen = state.observed.peer(gone.publicKey, of: gone.interface)
        var peer = Peer(
            name: gone.name, dnsName: Manifest.dnsName(of: gone.name, publicKey: gone.publicKey),
            interface: gone.interface,
            ip: seen?.allowedIPs.filter(\.isHost).map(\.address) ?? [], publicKey: gone.publicKey,
            location: SourceLocation(path: "", line: 1, column: 1))
        peer.enabled = false
        let document = PeerDocument(
            peer, id: gone.id, status: .disabled, seen: seen, place: state.peers.place(of: seen), standing: .failed,
            takenAt: state.observed.takenAt)
        return ShownObject(data: document.json, etag: ObjectTag.of(peer))
    }

    private static func shown(at position: Int, in state: ResourceState) -> ShownObject {
        let entry = state.index.peers[position]
        return ShownObject(
            data: state.peers.document(at: position), etag: ObjectTag.of(entry.peer),
            location: "/api/peers/\(entry.id)")
    }

    /// Which field names an interface.
    private static let references = [ResourceKind.interface.rawValue: "interface"]
    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        identity, state in
        state.index.position(of: identity).map { shown(at: $0, in: state) }
    }
}

/// Which peers somebody may see.
struct PeerScope {
    /// The user whose peers he sees; nil: everybody's.
    let owner: String?

    init(_ principal: Principal, _ state: ResourceState) {
        let seesAll = principal.isAdmin || state.declared.tree.settings.api.userScope == .all
        owner = seesAll ? nil : principal.username
    }

    func contains(_ peer: Peer) -> Bool {
        guard let owner else { return true }
        return peer.owner?.lowercased() == owner.lowercased()
    }
}
