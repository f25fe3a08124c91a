public import Model

/// The files of one state of the repository, with an index of what stands where.
///
/// Built once from all files and brought along file by file: a change costs the parsing of that file and a few
/// look-ups, whatever the number of files, and nothing is validated beyond each document. It is a value. Copies are
/// cheap to take, and changing a tree while somebody holds a copy copies 1/256 of its dictionary and the list of files;
/// a writer that keeps its tree in one variable and doesn't let intents keep theirs copies nothing.
public struct ManifestTree: Sendable {
    /// The paths of all files, sorted by their bytes.
    public private(set) var paths: [String]
    /// The files in the same order.
    private var records: [Record]
    /// Where identities stand; in a valid tree each stands once.
    private var places = ShardedDictionary<ObjectIdentity, [Slot]>()
    /// What peers use, by the interface they name.
    private var used: [String: UsedAddresses] = [:]
    /// What peers have to themselves.
    private var claims = PeerClaims()
    /// How many documents declare a user of a name.
    private var usernames: [String: Int] = [:]
    /// Addresses that were freed a short while ago, by interface, oldest first: a gateway knows them, a checkout doesn't.
    public var quarantined: [String: [IPAddress]] = [:]
    /// The identifier that a peer of this interface and key was given before: a gateway knows it, a checkout doesn't.
    public var knownID: @Sendable (_ interface: String, _ publicKey: PublicKey) -> String? = { _, _ in nil }
    /// Judges the DNS rules of files that are written.
    private let dnsSyntax: any DNSRuleSyntax
    private let stored: @Sendable (String) throws -> [UInt8]

    private final class Record: Sendable {
        let file: ParsedFile
        /// The content of a file that was replaced; others are read when somebody asks.
        let bytes: [UInt8]?

        init(_ file: ParsedFile, bytes: [UInt8]? = nil) {
            self.file = file
            self.bytes = bytes
        }
    }

    private struct Slot: Sendable {
        var path: String
        /// The object's index in its file.
        var object: Int
    }

    /// A tree.
    ///
    /// - Parameters:
    ///   - files: every file of one state, each path once, in any order.
    ///   - dnsSyntax: judges the DNS rules of files that are written.
    ///   - bytes: reads the content of one of them as it was in that state.
    public init(
        files: [ParsedFile], dnsSyntax: any DNSRuleSyntax, bytes: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.dnsSyntax = dnsSyntax
        records = files.map { Record($0) }.sorted { Self.precedes($0.file.path, $1.file.path) }
        paths = records.map(\.file.path)
        stored = bytes
        for record in records { index(record.file) }
    }

    /// The files, sorted by the bytes of their paths.
    public var files: [ParsedFile] { records.map(\.file) }

    /// The file at a path.
    public func file(at path: String) -> ParsedFile? { record(path)?.file }

    /// The content of a file; nil if there is none.
    ///
    /// - Throws: what reading a file that was not replaced throws.
    public func bytes(of path: String) throws -> [UInt8]? {
        guard let record = record(path) else { return nil }
        return try record.bytes ?? record.file.list?.bytes ?? stored(path)
    }

    /// The documents of a file; nil if there is none.
    ///
    /// - Throws: what reading a file that was not replaced throws.
    public func documents(of path: String) throws -> [SyntaxDocument]? {
        if let list = record(path)?.file.list { return [list.document] }
        return try bytes(of: path).map { SyntaxTree(path: path, bytes: $0).documents }
    }

    /// Writes a file, or deletes it (nil).
    public mutating func replace(path: String, bytes: [UInt8]?) {
        let position = position(of: path)
        let known = position < paths.count && paths[position] == path ? records[position].file : nil
        let record = bytes.map {
            Record(Manifest.parse(path: path, bytes: $0, dnsSyntax: dnsSyntax, known: known), bytes: $0)
        }
        if known != nil {
            unindex(records[position].file)
            if let record {
                records[position] = record
            } else {
                records.remove(at: position)
                paths.remove(at: position)
            }
        } else if let record {
            records.insert(record, at: position)
            paths.insert(path, at: position)
        }
        if let record { index(record.file) }
    }

    /// Makes every change of a write.
    public mutating func apply(_ change: TreeChange) {
        for file in change.files { replace(path: file.path, bytes: file.content) }
    }

    /// Where an object stands; the first place if it stands twice.
    public func place(of identity: ObjectIdentity) -> ObjectPlace? {
        slot(identity).flatMap { record($0.path)?.file.place(of: $0.object) }
    }

    /// A peer as its document says, also while the tree as a whole is not valid; `ip` is empty and `publicKey` zero
    /// where the document has none.
    public func peer(_ name: String, of interface: String) -> Peer? {
        guard case .peer(let declared)? = object(.peer(name, of: interface)) else { return nil }
        return declared.object
    }

    /// The peers of this name on every interface, sorted by interface.
    public func peers(named name: String) -> [Peer] {
        used.keys.sorted { Self.precedes($0, $1) }.compactMap { peer(name, of: $0) }
    }

    /// The peers of an interface, or all (nil), in the order of the files. Looks at every file.
    public func peers(of interface: String? = nil) -> [Peer] {
        all { object in
            guard case .peer(let declared) = object, interface == nil || declared.object.interface == interface else {
                return nil
            }
            return declared.object
        }
    }

    /// An interface as its document says.
    public func interface(_ name: String) -> Interface? {
        guard case .interface(let declared)? = object(.interface(name)) else { return nil }
        return declared.object
    }

    /// The interfaces in the order of the files. Looks at every file.
    public var interfaces: [Interface] {
        all { if case .interface(let declared) = $0 { declared.object } else { nil } }
    }

    /// A user as his document says, by his name as it is written.
    public func user(_ name: String) -> User? {
        guard case .user(let declared)? = object(.user(name)) else { return nil }
        return declared.object
    }

    /// The users, sorted by name.
    public var users: [User] { usernames.keys.sorted { Self.precedes($0, $1) }.compactMap { user($0) } }

    /// The settings, or their defaults.
    public var settings: Settings {
        guard case .settings(let declared)? = object(.settings) else { return Settings() }
        return declared.object
    }

    /// Who can open sealed values, in the order written; empty without a document.
    public var recipients: [Recipient] {
        guard case .recipients(let declared)? = object(.recipients) else { return [] }
        return declared.object.recipients
    }

    /// What gives addresses to more peers of an interface: it knows every address that a document names there.
    public func allocator(for interface: String) -> AddressAllocator {
        AddressAllocator(
            self.interface(interface)?.address ?? [], used: used[interface] ?? UsedAddresses(),
            quarantined: quarantined[interface] ?? [])
    }

    /// Validates the whole tree.
    public func result(now: Timestamp, completion: Completion = .refused) -> LoadResult {
        var assembly = Assembly(
            files, now: now, completion: completion, quarantined: quarantined, arePeersDistinct: claims.areDistinct)
        return assembly.run()
    }

    func object(_ identity: ObjectIdentity) -> DeclaredObject? {
        slot(identity).flatMap { record($0.path)?.file.objects[$0.object] }
    }

    private func slot(_ identity: ObjectIdentity) -> Slot? {
        guard let slots = places[identity] else { return nil }
        return slots.count == 1 ? slots[0] : slots.min { Self.precedes($0.path, $1.path) }
    }

    private func all<Object>(_ select: (DeclaredObject) -> Object?) -> [Object] {
        records.flatMap { $0.file.objects.compactMap(select) }
    }

    private mutating func index(_ file: ParsedFile) {
        claims.insert(file)
        for (index, object) in file.objects.enumerated() {
            places[object.identity, default: []].append(Slot(path: file.path, object: index))
            if case .peer(let declared) = object {
                used[declared.object.interface, default: UsedAddresses()].insert(declared.object)
            }
            if case .user(let declared) = object { usernames[declared.object.username, default: 0] += 1 }
        }
    }

    private mutating func unindex(_ file: ParsedFile) {
        claims.remove(file)
        for object in file.objects {
            let identity = object.identity
            places[identity]?.removeAll { $0.path == file.path }
            if places[identity]?.isEmpty == true { places[identity] = nil }
            if case .peer(let declared) = object {
                used[declared.object.interface]?.remove(declared.object)
            }
            if case .user(let declared) = object {
                let count = usernames[declared.object.username] ?? 0
                usernames[declared.object.username] = count > 1 ? count - 1 : nil
            }
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Where a path stands, or would.
    private func position(of path: String) -> Int {
        var low = 0
        var high = paths.count
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(paths[middle], path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func record(_ path: String) -> Record? {
        let position = position(of: path)
        return position < paths.count && paths[position] == path ? records[position] : nil
    }
}
