import Model

/// An answer as a program writes it, made apart from the code that writes requests.
enum AnswerText {
    static func bytes(of answer: UAPIAnswer) -> [UInt8] {
        let device = answer.device
        var lines = ["listen_port=\(device.listenPort)", "fwmark=\(device.fwmark)"]
        if let key = device.privateKey { lines.append("private_key=\(hexadecimal(key.exposedText()))") }
        for peer in device.peers {
            lines.append("public_key=\(hexadecimal(peer.publicKey.description))")
            let preshared = peer.presharedKey.map { hexadecimal($0.exposedText()) } ?? String(repeating: "0", count: 64)
            lines.append("preshared_key=\(preshared)")
            if let endpoint = peer.endpoint { lines.append("endpoint=\(endpoint)") }
            lines.append("last_handshake_time_sec=\(peer.lastHandshake?.seconds ?? 0)")
            lines.append("tx_bytes=\(peer.sentBytes)")
            lines.append("rx_bytes=\(peer.receivedBytes)")
            lines.append("persistent_keepalive_interval=\(peer.persistentKeepalive)")
            lines += peer.allowedIPs.map { "allowed_ip=\($0)" }
        }
        lines.append("errno=\(answer.errno)")
        return Array((lines.joined(separator: "\n") + "\n\n").utf8)
    }

    /// The 32 bytes of a key in base64 as hexadecimal digits.
    private static func hexadecimal(_ key: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text = ""
        var (bits, count) = (0, 0)
        for byte in key.utf8 {
            guard let value = alphabet.firstIndex(of: byte) else { break }
            bits = bits << 6 | value
            count += 6
            while count >= 4, text.utf8.count < 64 {
                count -= 4
                text += String(bits >> count & 0xF, radix: 16)
            }
            bits &= 0xFF
        }
        return text
    }
}
