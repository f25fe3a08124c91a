import Model

/// One run over a whole tree.
struct Assembly {
    let now: Timestamp
    let completion: Completion
    /// Addresses that were freed a short while ago, by interface, oldest first.
    let quarantined: [String: [IPAddress]]
    /// Whether it is known already that no two peers share what each has to itself (``PeerClaims``).
    let arePeersDistinct: Bool
    /// Whether an absent object may stand in a part that could not be read.
    var mayHoldMore = false
    var interfaces: [Declared<Interface>] = []
    var peers: [Declared<Peer>] = []
    var settings: [Declared<Settings>] = []
    var recipients: [Declared<RecipientList>] = []
    var users: [Declared<User>] = []
    var dnsSettings: [Declared<DNSSettings>] = []
    var blocklists: [Declared<Blocklist>] = []
    /// The rules of all documents, in their order.
    var dnsRules: [Declared<DNSRule>] = []
    private var dnsFilterLines: [DNSFilterLine] = []
    var access: [Declared<AccessRule>] = []
    var forwards: [Declared<Forward>] = []
    var approvals: [Declared<Approval>] = []
    var acknowledgements: [Declared<Acknowledgement>] = []
    var problems: [Problem] = []
    /// The peers that leave out what can be made.
    var missing: [IncompletePeer] = []
    /// The first interface of each name.
    var interfaceIndex: [String: Int] = [:]
    /// The interface of each peer, by index; nil if there is none or the field was refused.
    var owners: [Int?] = []
    /// The gateway's own addresses of each interface, in its order.
    var subnets: [[Subnet]] = []
    /// Who has each address of an interface's peers; empty where nobody will ask.
    var usedAddresses: [[IPAddress: Int]] = []
    /// The first blocklist of each name.
    var blocklistIndex: [String: Int] = [:]
    /// The peers by name; not looked at where no document names one.
    lazy var peerNames = PeerNameIndex(peers)
    private let hasDocuments: Bool

    /// A prefix of an interface.
    struct Subnet {
        var gateway: IPAddress
        var prefix: Prefix
        var last: IPAddress
    }

    init(
        _ files: [ParsedFile], now: Timestamp, completion: Completion, quarantined: [String: [IPAddress]],
        arePeersDistinct: Bool
    ) {
        self.now = now
        self.completion = completion
        self.quarantined = quarantined
        self.arePeersDistinct = arePeersDistinct
        hasDocuments = files.contains { !$0.objects.isEmpty || !$0.problems.isEmpty }
        peers.reserveCapacity(files.count)
        for file in files {
            problems += file.problems
            if file.mayHoldMore { mayHoldMore = true }
            for object in file.objects {
                switch object {
                case .interface(let interface): interfaces.append(interface)
                case .peer(let peer): peers.append(peer)
                case .settings(let declared): settings.append(declared)
                case .recipients(let declared): recipients.append(declared)
                case .user(let declared): users.append(declared)
                case .dnsSettings(let declared): dnsSettings.append(declared)
                case .blocklist(let declared): blocklists.append(declared)
                case .dnsRule(let declared): dnsRules.append(declared)
                case .dnsRules(let declared):
                    dnsRules += declared.object.rules
                    dnsFilterLines += declared.object.lines
                case .access(let declared): access.append(declared)
                case .forward(let declared): forwards.append(declared)
                case .approval(let declared): approvals.append(declared)
                case .acknowledgement(let declared): acknowledgements.append(declared)
                }
            }
        }
    }

    mutating func run() -> LoadResult {
        guard hasDocuments else {
            let problem = Problem(
                path: ".", position: .start, code: .noDocuments, message: "no document found in any .yaml or .yml file",
                suggestion: "run wirebuddy init, or write a document with kind: Interface")
            return LoadResult(problems: [problem], missing: [])
        }
        checkSettings()
        indexInterfaces()
        resolveOwners()
        checkIdentities()
        checkAddresses()
        checkPrefixes()
        checkRoutes()
        checkExpiry()
        checkSecrets()
        checkUsers()
        checkOwners()
        checkDNS()
        checkDNSRules()
        checkAccess()
        checkForwards()
        checkConsent()
        completePeers()
        let sorted = problems.sorted()
        let isValid = !sorted.contains { $0.severity == .error }
        return LoadResult(problems: sorted, missing: missing, objects: isValid ? objects : nil)
    }

    private var objects: DeclaredObjects {
        DeclaredObjects(
            interfaces: interfaces, peers: peers, settings: settings.first, recipients: recipients.first,
            users: users, dnsSettings: dnsSettings.first, blocklists: blocklists, dnsRules: dnsRules,
            dnsFilterLines: dnsFilterLines, access: access, forwards: forwards, approvals: approvals,
            acknowledgements: acknowledgements)
    }

    /// `Peer "phone" of wg0`.
    func label(_ peer: Int) -> String {
        let declared = peers[peer]
        guard declared.valid.contains(PeerKind.name) else {
            return "the Peer at \(declared.location(of: PeerKind.name))"
        }
        let name = "Peer \(Printable.quoted(declared.object.name))"
        return declared.valid.contains(PeerKind.interface) ? "\(name) of \(declared.object.interface)" : name
    }

    func label(_ interface: Declared<Interface>) -> String { "Interface \"\(interface.object.name)\"" }

    mutating func report<Object>(
        _ declared: Declared<Object>, _ field: Int, item: Int = 0, _ code: ProblemCode, _ message: String,
        suggestion: String? = nil, severity: Problem.Severity = .error
    ) {
        problems.append(
            Problem(
                path: declared.path, position: declared.position(of: field, item: item), severity: severity,
                code: code, message: message, suggestion: suggestion))
    }

    mutating func report<Object>(
        at declared: Declared<Object>, _ code: ProblemCode, _ message: String, suggestion: String? = nil,
        severity: Problem.Severity = .error
    ) {
        problems.append(
            Problem(
                path: declared.path, position: declared.start, severity: severity, code: code, message: message,
                suggestion: suggestion))
    }
}
