import Fuzzing
import Model

@testable import Manifest

/// What libFuzzer calls with each input: the first letter chooses the kind, in lower case to make an object and in upper case
/// to change one; the rest is the body of a request.
///
/// Nothing traps, and a refusal names a place of the body. What a body may say a file may hold: written into its document
/// it has no other problem than fields that need or exclude each other; and the same body changes nothing more.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    guard let choice = bytes.first else { return 0 }
    let sample = Sample.all[Int(choice & 0x1F) % Sample.all.count]
    let text = Array(bytes.dropFirst())
    let body: JSONBody
    do throws(MalformedBody) {
        body = try JSONBody(text)
    } catch {
        let place = error.message.split(separator: ":").prefix(2).compactMap { Int($0) }
        if !text.isEmpty, place.count != 2 || !(1...lines(of: text)).contains(place[0]) {
            broken("a refusal outside of the body: \(error.message)", text)
        }
        return 0
    }
    if choice & 0x20 != 0 {
        check(body, on: Array("kind: \(sample.kind.rawValue)\n".utf8), nil, sample.kind, text)
    } else {
        check(body, on: Array(sample.document.utf8), sample.shown, sample.kind, text)
    }
    return 0
}

private func check(
    _ body: JSONBody, on document: [UInt8], _ shown: JSONValue?, _ kind: ResourceKind, _ text: [UInt8]
) {
    let changes = Manifest.changes(of: body, kind: kind, shown: shown)
    let secrets = changes.secrets.map(\.text).filter { $0.utf8.count >= 40 }
    for fault in changes.faults {
        if secrets.contains(where: { fault.message.contains($0) }) { broken("a secret in \(fault.message)", text) }
    }
    guard changes.faults.isEmpty else { return }
    let edits = changes.changes.map { change -> Edit in
        change.value.map { .set(document: 0, path: change.path, value: $0) }
            ?? .remove(document: 0, path: change.path)
    }
    guard let written = try? ManifestEditor.apply(edits, to: document, path: "object.yaml") else { return }
    let file = Manifest.parse(path: "object.yaml", bytes: written, dnsSyntax: AnyRule())
    // Fields that need each other are looked at in the whole document.
    let accepted: Set<ProblemCode> = [.missingField, .conflictingFields, .mtuTooSmall]
    for problem in file.problems where problem.severity == .error && !accepted.contains(problem.code) {
        broken("accepted, but in a file: \(problem.render())\n\(String(decoding: written, as: UTF8.self))", text)
    }
    guard shown != nil, file.problems.isEmpty, let after = Sample.shown(file) else { return }
    let again = Manifest.changes(of: body, kind: kind, shown: after)
    let more = again.changes.filter { change in
        change.value != nil && change.value != .string("generate") && change.path != ["private_key"]
    }
    if !again.faults.isEmpty || !more.isEmpty {
        broken("given again it changes \(again.faults) \(more)\n\(String(decoding: written, as: UTF8.self))", text)
    }
}
