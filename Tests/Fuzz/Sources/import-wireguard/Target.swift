import Fuzzing
import Model

@testable import Manifest

/// What libFuzzer calls with each input: a configuration of `wg(8)` or `wg-quick(8)`.
///
/// Nothing traps. Findings name lines of the file and show no key; what was imported is what a repository can hold.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    do throws(ImportFailure) {
        let file = try WireGuardFile(origin: "wg0.conf", bytes: bytes)
        let imported = try ImportedInterface(file, name: "wg0", freePort: 51820)
        check(file.warnings + imported.mapped + imported.notImported + imported.warnings, bytes)
        for peer in imported.peers {
            let name = peer.peer.name
            if let fault = PeerName.fault(of: name) { broken("\(name.debugDescription): \(fault.message)", bytes) }
        }
        let names = imported.peers.map(\.peer.name)
        if Set(names).count != names.count { broken("a name for two peers", bytes) }
        if Set(imported.peers.map(\.peer.publicKey)).count != names.count { broken("a key of two peers", bytes) }
    } catch {
        if error.problems.isEmpty { broken("a failure without a reason", bytes) }
        check(error.problems, bytes)
    }
    return 0
}

private func check(_ findings: [ImportFinding], _ bytes: [UInt8]) {
    let count = lines(of: bytes)
    for finding in findings {
        if let line = finding.line, !(1...count).contains(line) { broken("outside of the file: \(finding)", bytes) }
        // A public key stands in some texts, which is no secret: those end in `=`.
        let words = finding.text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+" || $0 == "/")) }
        for word in words where word.utf8.count >= 40 && !finding.text.contains("\(word)=") {
            broken("a text that may hold a key: \(finding.text)", bytes)
        }
    }
}
