import Fuzzing
import Model

/// What libFuzzer calls with each input: what a userspace program answers to `get=1`.
///
/// Nothing traps. A fault names a line of the answer and repeats nothing of it; a device that was read is written so that it
/// is read again as the same.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = unsafe input(data, size)
    do throws(UAPIAnswer.Malformed) {
        let answer = try UAPIAnswer(parsing: bytes)
        let written = AnswerText.bytes(of: answer)
        guard let again = try? UAPIAnswer(parsing: written) else {
            broken("what was read can't be read again", written)
        }
        if AnswerText.bytes(of: again) != written { broken("another answer after writing", bytes) }
        if again.device.peers.count != answer.device.peers.count || again.errno != answer.errno {
            broken("another answer after writing", bytes)
        }
        for peer in answer.device.peers where peer.allowedIPs.sorted() != peer.allowedIPs {
            broken("allowed IPs that are not sorted", bytes)
        }
    } catch {
        guard (1...lines(of: bytes)).contains(error.line) else {
            broken("a fault outside of the text: \(error)", bytes)
        }
        guard error.description.utf8.count < 100, isPrintable(error.description) else {
            broken("a fault that repeats the answer: \(error)", bytes)
        }
    }
    return 0
}
