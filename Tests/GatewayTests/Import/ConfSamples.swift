import Model
import Testing

@testable import Gateway

/// Keys of the samples: public ones are told by their number, private ones are canaries.
enum SampleKey {
    static func publicKey(_ number: UInt8) -> PublicKey {
        PublicKey(words: (UInt64(number) << 56 | 0x00AB_CDEF, 1, 2, 3))
    }
    static let privateKey = SecretKey(words: (0x1122_3344_5566_7788, 9, 9, 0x1234_5678_9ABC_DEF0))
    static let presharedKey = SecretKey(words: (0x8877_6655_4433_2211, 7, 7, 0x0FED_CBA9_8765_4321))
}

/// Reads a file, shows its problems as lines.
func read(_ text: String) -> Result<WireGuardFile, ImportFailure> {
    do throws(ImportFailure) {
        return .success(try WireGuardFile(origin: "wg0.conf", bytes: Array(text.utf8)))
    } catch {
        return .failure(error)
    }
}

func problems(_ text: String) -> [String] {
    switch read(text) {
    case .success: []
    case .failure(let failure): failure.problems.map(\.description)
    }
}

func imported(_ text: String, name: String = "wg0") throws -> ImportedInterface {
    try ImportedInterface(try read(text).get(), name: name, freePort: 51820)
}
