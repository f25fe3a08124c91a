import Manifest
public import Model

/// What was committed.
extension ConfigurationRepository {
    /// The newest commits of the branch, newest first, `offset` of them left out.
    ///
    /// - Throws: ``HistoryFailure``, also for a plain directory.
    public nonisolated func history(limit: Int, offset: Int = 0) async throws(HistoryFailure) -> [HistoryEntry] {
        guard GitDirectories.common(of: directory) != nil else { throw .noRepository(directory) }
        do {
            let output = try await git.run(
                ["log", "-z", "--no-show-signature", "--no-decorate", "-n", "\(limit)", "--skip", "\(offset)"]
                    + [HistoryEntry.format, "refs/heads/\(branch)", "--"],
                in: directory)
            let fields = String(decoding: output, as: UTF8.self).split(
                separator: "\0", omittingEmptySubsequences: false)
            return stride(from: 0, to: fields.count - HistoryEntry.fields + 1, by: HistoryEntry.fields).compactMap {
                HistoryEntry(fields[$0..<($0 + HistoryEntry.fields)])
            }
        } catch {
            throw .unreadable(error.description)
        }
    }

    /// How many commits the branch has.
    ///
    /// - Throws: ``HistoryFailure``, also for a plain directory.
    public nonisolated func historyLength() async throws(HistoryFailure) -> Int {
        guard GitDirectories.common(of: directory) != nil else { throw .noRepository(directory) }
        do {
            let output = try await git.run(["rev-list", "--count", "refs/heads/\(branch)", "--"], in: directory)
            let text = String(decoding: output, as: UTF8.self)
            return Int(text.prefix { $0 != "\n" }) ?? 0
        } catch {
            throw .unreadable(error.description)
        }
    }

    /// The commits that changed one peer, newest first, whatever it was called, wherever it stood and whichever key it
    /// had. A peer that is gone is found by the name it had last.
    ///
    /// - Parameter name: Its name, or `interface/name` where several interfaces have one of that name.
    /// - Throws: ``HistoryFailure``.
    public nonisolated func history(
        ofPeer name: String, limit: Int, now: Timestamp
    ) async throws(HistoryFailure) -> [HistoryEntry] {
        guard GitDirectories.common(of: directory) != nil else { throw .noRepository(directory) }
        do {
            let walk = try await HistoryWalk(
                ["refs/heads/\(branch)"], git: git, directory: directory, dnsSyntax: dnsSyntax)
            return try await history(of: name, limit, walk, now)
        } catch let failure as HistoryFailure {
            throw failure
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private nonisolated func history(
        of name: String, _ limit: Int, _ walk: HistoryWalk, _ now: Timestamp
    ) async throws -> [HistoryEntry] {
        let wanted = PeerName(name)
        var tracked = try await present(wanted, now: now)
        var found: [HistoryEntry] = []
        for step in walk.steps where found.count < limit {
            if tracked == nil {
                let versions = try walk.peers(in: step, holding: [Array(wanted.name.utf8)])
                let gone = versions.before.filter(wanted.matches)
                    .filter { peer in !versions.after.contains { PeerKeyID($0) == PeerKeyID(peer) } }
                if let peer = try Self.only(gone, wanted) { tracked = PeerKeyID(peer) } else { continue }
            }
            guard let key = tracked else { continue }
            // Where it got its key, its former one stands in a file with another text.
            var versions = try walk.peers(in: step, holding: [Array(key.publicKey.description.utf8)])
            guard versions.change(of: key.publicKey, on: key.interface) != nil else { continue }
            found.append(step.entry)
            versions = try walk.peers(in: step, holding: nil)
            if let earlier = versions.change(of: key.publicKey, on: key.interface)?.earlierKey,
                let peer = versions.before.first(where: { $0.publicKey == earlier && $0.interface == key.interface })
            {
                tracked = PeerKeyID(peer)
            }
        }
        guard !found.isEmpty else {
            throw HistoryFailure.unknownPeer("no peer \(name) is or was declared in \(directory)")
        }
        return found
    }

    /// The peer of that name in the present head; nil when there is none.
    private nonisolated func present(_ wanted: PeerName, now: Timestamp) async throws -> PeerKeyID? {
        let catalog = try? await load(now: now).catalog
        let peers = (catalog?.peers ?? []).filter(wanted.matches)
        return try Self.only(peers, wanted).map(PeerKeyID.init)
    }

    private nonisolated static func only(_ peers: [Peer], _ wanted: PeerName) throws(HistoryFailure) -> Peer? {
        let interfaces = Set(peers.map(\.interface)).sorted()
        guard interfaces.count < 2 else {
            let choices = interfaces.map { "\($0)/\(wanted.name)" }.joined(separator: ", ")
            throw .unknownPeer("several interfaces have a peer \(wanted.name): name one of \(choices)")
        }
        return peers.first
    }

    /// `name` or `interface/name`; names hold no slash.
    private struct PeerName {
        let interface: String?
        let name: String

        init(_ text: String) {
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            interface = parts.count == 2 ? parts[0] : nil
            name = parts.last ?? text
        }

        func matches(_ peer: Peer) -> Bool {
            peer.name.utf8.elementsEqual(name.utf8) && (interface == nil || peer.interface == interface)
        }
    }
}
