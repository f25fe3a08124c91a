import Model

/// Reads the documents of one file by their kinds.
struct DocumentReader {
    let path: String
    let dnsSyntax: any DNSRuleSyntax
    var objects: [DeclaredObject] = []
    /// The number of each object's document in the file.
    private(set) var documents: [Int] = []
    private var document = -1
    var problems: [Problem] = []
    private(set) var mayHoldMore = false

    init(path: String, dnsSyntax: any DNSRuleSyntax) {
        self.path = path
        self.dnsSyntax = dnsSyntax
    }

    mutating func read(_ document: SyntaxDocument) {
        self.document += 1
        defer { if documents.count < objects.count { documents.append(self.document) } }
        let root = document.root
        guard case .map = root.content else {
            if case .unsupported = root.content {
                mayHoldMore = true
            } else {
                report(
                    root.range.start, .notAMapping, "a document must be a mapping with kind and fields",
                    suggestion: "kind: Peer")
            }
            mayHoldMore = true
            return
        }
        checkVersion(root)
        guard let kind = kind(of: root) else { return }
        switch kind {
        case InterfaceKind.kind.name:
            objects.append(.interface(InterfaceKind.kind.decode(root, path: path, problems: &problems)))
        case PeerKind.kind.name:
            objects.append(.peer(PeerKind.kind.decode(root, path: path, problems: &problems)))
        case SettingsKind.kind.name:
            objects.append(.settings(SettingsKind.kind.decode(root, path: path, problems: &problems)))
        case RecipientsKind.kind.name:
            objects.append(.recipients(RecipientsKind.kind.decode(root, path: path, problems: &problems)))
        case UserKind.kind.name:
            objects.append(.user(UserKind.kind.decode(root, path: path, problems: &problems)))
        case DNSSettingsKind.kind.name:
            objects.append(.dnsSettings(DNSSettingsKind.kind.decode(root, path: path, problems: &problems)))
        case BlocklistKind.kind.name:
            objects.append(.blocklist(BlocklistKind.kind.decode(root, path: path, problems: &problems)))
        case DNSRuleKind.kind.name: readRule(root)
        case DNSRulesKind.kind.name: readRules(root)
        case AccessKind.kind.name:
            objects.append(.access(AccessKind.kind.decode(root, path: path, problems: &problems)))
        case ForwardKind.kind.name:
            objects.append(.forward(ForwardKind.kind.decode(root, path: path, problems: &problems)))
        case ApprovalKind.kind.name:
            objects.append(.approval(ApprovalKind.kind.decode(root, path: path, problems: &problems)))
        case AcknowledgementKind.kind.name:
            objects.append(.acknowledgement(AcknowledgementKind.kind.decode(root, path: path, problems: &problems)))
        default: reportKind(kind, root)
        }
    }

    private mutating func checkVersion(_ root: Node) {
        guard let version = root["apiVersion"] else { return }
        if case .unsupported = version.content { return }
        guard case .scalar(let scalar) = version.content, scalar.text == Kinds.apiVersion else {
            report(
                version.range.start, .unsupportedVersion, "apiVersion must be \(Kinds.apiVersion)",
                suggestion: "write \(Kinds.apiVersion), or remove the line")
            return
        }
    }

    private mutating func kind(of root: Node) -> String? {
        guard let kind = root["kind"] else {
            mayHoldMore = true
            report(
                root.range.start, .missingField, "the document has no kind",
                suggestion: "add kind: " + Kinds.supported.joined(separator: ", kind: "))
            return nil
        }
        guard case .scalar(let scalar) = kind.content, scalar.value == .string else {
            mayHoldMore = true
            if case .unsupported = kind.content { return nil }
            report(kind.range.start, .wrongType, "kind must be one of " + Kinds.supported.joined(separator: ", "))
            return nil
        }
        return scalar.text
    }

    private mutating func reportKind(_ kind: String, _ root: Node) {
        let position = root["kind"]?.range.start ?? root.range.start
        mayHoldMore = true
        let close = Spelling.closest(to: kind, in: Kinds.supported)
        report(
            position, .unknownKind, "unknown kind \(Printable.quoted(kind))",
            suggestion: close.map { "did you mean \"\($0)\"?" }
                ?? "supported: " + Kinds.supported.joined(separator: ", "))
    }

    private mutating func report(
        _ position: SourcePosition, _ code: ProblemCode, _ message: String, suggestion: String? = nil
    ) {
        problems.append(
            Problem(path: path, position: position, code: code, message: message, suggestion: suggestion))
    }
}
