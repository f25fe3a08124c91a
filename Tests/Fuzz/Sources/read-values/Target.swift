import DNSPolicy
import Fuzzing
import Model

/// What libFuzzer calls with each input: a text where somebody writes a value or a table of expectations.
///
/// Nothing traps. A value is written so that it is read again as the same; a fault of a table names one of its lines.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    let text = String(decoding: bytes, as: UTF8.self)
    roundTrip(IPAddress.self, text)
    roundTrip(Prefix.self, text)
    roundTrip(InterfaceAddress.self, text)
    roundTrip(Endpoint.self, text)
    roundTrip(Service.self, text)
    roundTrip(DNSAnswer.self, text)
    roundTrip(DNSClient.self, text)
    roundTrip(DNSUpstream.self, text)
    roundTrip(PeerReference.self, text)
    roundTrip(FirewallMember.self, text)
    roundTrip(FirewallService.self, text)
    roundTrip(PublicKey.self, text)
    roundTrip(Timestamp.self, text)
    if let time = TimeOfDay(text), TimeOfDay(time.description) != time { broken("another time of the day", bytes) }
    if let type = RecordType(text: text), RecordType(text: type.description) != type {
        broken("another type of record: \(type)", bytes)
    }
    if let digest = DigestValue(hexadecimal: text), DigestValue(hexadecimal: digest.description) != digest {
        broken("another digest", bytes)
    }
    if let key = SecretKey(text: bytes), SecretKey(text: key.exposedText().utf8) != key {
        broken("another key", bytes)
    }
    if let host = HostName(text: bytes[...]), HostName(text: Array(host.value.utf8)[...])?.value != host.value {
        broken("another host: \(host.value)", bytes)
    }
    if let sealed = try? SealedValue(text: text), !sealed.text.utf8.elementsEqual(text.utf8) {
        broken("a sealed value with two texts", bytes)
    }
    if let name = try? DomainName(text: bytes) {
        let written = name.description
        if (try? DomainName(text: written)) != name { broken("another name: \(written)", bytes) }
        if !written.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { broken("a name that can't be shown", bytes) }
    }
    let count = lines(of: text.utf8)
    do throws(ExpectationTable.Faults) {
        let lines = try ExpectationTable(text).expectations.map(\.line)
        if lines.contains(where: { !(1...count).contains($0) }) { broken("an expectation outside of the text", bytes) }
    } catch {
        for fault in error.faults where !(1...count).contains(fault.line) {
            broken("a fault outside of the text", bytes)
        }
    }
    do throws(AccessExpectationTable.Faults) {
        let lines = try AccessExpectationTable(text).expectations.map(\.line)
        if lines.contains(where: { !(1...count).contains($0) }) { broken("an expectation outside of the text", bytes) }
    } catch {
        for fault in error.faults where !(1...count).contains(fault.line) {
            broken("a fault outside of the text", bytes)
        }
    }
    return 0
}

private func roundTrip<Value: LosslessStringConvertible & Equatable>(_ type: Value.Type, _ text: String) {
    guard let value = Value(text) else { return }
    if Value(value.description) != value { broken("another \(type): \(value)", text.utf8) }
}
