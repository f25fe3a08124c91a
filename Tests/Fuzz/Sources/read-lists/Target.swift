import Fuzzing
import Model

@testable import DNSPolicy

/// What libFuzzer calls with each input: the first byte chooses the format, and how the text is cut; the rest is a list.
///
/// Nothing traps. A list means the same however its text was cut, its rules are read again from what is kept of them, each
/// name it holds is found, and a fault can stand in a report.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    guard let choice = bytes.first else { return 0 }
    let formats: [Blocklist.Format] = [.hosts, .domains, .wildcardDomains, .adblock]
    let format = formats[Int(choice) % formats.count]
    let text = Array(bytes.dropFirst())
    let whole = Result { () throws(ListFault) in try compile([text], format) }
    let cut = Int(choice) / formats.count + 1
    let pieces = stride(from: 0, to: text.count, by: cut).map { Array(text[$0..<min($0 + cut, text.count)]) }
    switch (whole, Result { () throws(ListFault) in try compile(pieces, format) }) {
    case (.success(let whole), .success(let piecewise)):
        guard whole.count == piecewise.count, whole.skipped == piecewise.skipped,
            whole.ruleText == piecewise.ruleText, whole.names.count == piecewise.names.count
        else { broken("another list from pieces of \(cut)", text) }
        ListInvariants(list: whole, text: text).check()
    case (.failure(let whole), .failure(let piecewise)):
        if "\(whole)" != "\(piecewise)" { broken("\(whole) as a whole, \(piecewise) from pieces of \(cut)", text) }
    case (let whole, let piecewise): broken("\(whole) as a whole, \(piecewise) from pieces of \(cut)", text)
    }
    return 0
}

private func compile(_ pieces: [[UInt8]], _ format: Blocklist.Format) throws(ListFault) -> CompiledList {
    var compiler = ListCompiler(name: "list", format: format, key: NameKey(1, 2))
    for piece in pieces { try compiler.take(piece) }
    return try compiler.finish()
}
