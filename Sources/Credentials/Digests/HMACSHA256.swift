import CLibSodium

/// HMAC-SHA256 (RFC 2104; `crypto_auth_hmacsha256_*`), with keys of any length.
public enum HMACSHA256 {
    /// The 32-byte code of a message.
    public static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        Sodium.prepare()
        var state = crypto_auth_hmacsha256_state()
        var output = [UInt8](repeating: 0, count: 32)
        // None of them has a way to fail.
        _ = unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
        _ = unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        _ = unsafe crypto_auth_hmacsha256_final(&state, &output)
        return output
    }
}
