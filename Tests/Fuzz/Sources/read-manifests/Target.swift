import DNSPolicy
import Fuzzing
import Model

@testable import Manifest

/// What libFuzzer calls with each input: the first byte chooses what the rest is: a file of the repository, the host file, or
/// what somebody writes into a long list of rules.
///
/// Nothing traps, and problems lie inside the text. What the API shows of a valid object changes nothing when it is sent
/// back. A list of which only a part is read again means what it means as a whole.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    guard let choice = bytes.first else { return 0 }
    let text = Array(bytes.dropFirst())
    switch choice {
    case UInt8(ascii: "h"):
        let (configuration, problems) = HostFile.decode(path: "host.yaml", bytes: text)
        check(problems, text)
        if configuration == nil, problems.isEmpty { broken("no host file and no reason", text) }
    case UInt8(ascii: "l"): LongListEdit(text).check()
    case UInt8(ascii: "j"): load(SourceFile(path: "a.json", bytes: text))
    default: load(SourceFile(path: "a.yaml", bytes: text))
    }
    return 0
}

private func load(_ source: SourceFile) {
    let syntax = RuleSyntax()
    let file = Manifest.parse(path: source.path, bytes: source.bytes, dnsSyntax: syntax)
    check(file.problems, source.bytes)
    let now = Timestamp(seconds: 1_800_000_000)
    let result = Manifest.assemble([file], now: now, completion: .refused)
    check(result.problems, source.bytes)
    guard let catalog = result.catalog else { return }
    let bytes = source.bytes
    for object in catalog.interfaces { sendBack(.interface, Manifest.json(of: object), bytes) }
    for object in catalog.peers { sendBack(.peer, Manifest.json(of: object), bytes) }
    for object in catalog.users { sendBack(.user, Manifest.json(of: object), bytes) }
    sendBack(.settings, Manifest.json(of: catalog.settings), bytes)
    if let dns = catalog.dns { sendBack(.dnsSettings, Manifest.json(of: dns), bytes) }
    for object in catalog.blocklists { sendBack(.blocklist, Manifest.json(of: object), bytes) }
    for object in catalog.dnsRules { sendBack(.dnsRule, Manifest.json(of: object), bytes) }
    for object in catalog.access { sendBack(.access, Manifest.json(of: object), bytes) }
    for object in catalog.forwards { sendBack(.forward, Manifest.json(of: object), bytes) }
}

private func check(_ problems: [Problem], _ text: [UInt8]) {
    let count = lines(of: text)
    for problem in problems {
        guard (1...count).contains(problem.line), problem.column >= 1 else {
            broken("a problem outside of the text: \(problem.render())", text)
        }
        // A suggestion stands on lines of its own.
        if !problem.render().split(separator: "\n").allSatisfy({ isPrintable(String($0)) }) {
            broken("a problem that can't be shown: \(problem.render().debugDescription)", text)
        }
    }
}

private func sendBack(_ kind: ResourceKind, _ entries: [(String, JSONValue)], _ text: [UInt8]) {
    let shown = JSONValue.object(entries)
    for bytes in [shown.compactBytes(), shown.document()] {
        let body: JSONBody
        do throws(MalformedBody) {
            body = try JSONBody(bytes)
        } catch {
            broken("what is shown can't be read: \(error.message)\n\(String(decoding: bytes, as: UTF8.self))", text)
        }
        let changes = Manifest.changes(of: body, kind: kind, shown: shown)
        guard changes.faults.isEmpty, changes.changes.isEmpty, changes.secrets.isEmpty else {
            broken("\(kind) sent back changes \(changes.faults) \(changes.changes)", text)
        }
    }
}
