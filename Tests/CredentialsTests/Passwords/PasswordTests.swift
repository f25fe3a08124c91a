import Credentials
import Model
import Testing

@Suite struct PasswordTests {
    private func secret(_ text: String) -> SecretBytes { SecretBytes(Array(text.utf8)) }

    @Test func aHashIsArgon2idAndFitsItsPassword() throws {
        let hash = try PasswordHash.make(secret("SecurePassword123!"))
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=65536,t=2,p=1$"))
        #expect(PasswordHash(hash.text) == hash)
        #expect(try hash.matches(secret("SecurePassword123!")))
        #expect(try !hash.matches(secret("SecurePassword123")))
        #expect(try !hash.matches(secret("")))
        #expect(try PasswordHash.make(secret("SecurePassword123!")) != hash)
    }

    @Test func whatIsNoAffordableHashIsRefused() {
        let good = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQwMTIzNDU2$" + String(repeating: "A", count: 43)
        #expect(PasswordHash(good) != nil)
        for (part, other) in [
            ("argon2id", "argon2i"), ("v=19", "v=16"), ("m=65536", "m=4194304"), ("t=2", "t=1000"), ("p=1", "p=99"),
            ("t=2", "t=+2"), ("m=65536", "m=065536"), ("c29tZXNhbHQwMTIzNDU2", "short"), ("$v=19", ""),
            ("AAAA", "A!AA"),
        ] {
            #expect(PasswordHash(good.replacing(part, with: other)) == nil, "\(part) -> \(other)")
        }
        #expect(PasswordHash("") == nil)
        #expect(PasswordHash("password") == nil)
    }

    @Test(arguments: [
        ("Secure1!", true), ("SecurePassword123!", true), ("correct horse ba", true), ("aaaaaaaaaaaaaa", true),
        ("Secur1!", false), ("secure1!", false), ("SECURE1!", false), ("SecureX!", false), ("Secure12", false),
        ("aaaaaaaaaaaaa", false), ("", false), ("ääääääääääääää", true), ("äääääää", false),
        (String(repeating: "a", count: 1024), true), (String(repeating: "a", count: 1025), false),
        ("zero\0inside a long password", false),
    ])
    func theRule(password: String, isGood: Bool) {
        #expect((PasswordRule.problem(of: secret(password)) == nil) == isGood, "\(password)")
    }

    @Test func generatedPasswordsFollowTheRuleAndDiffer() {
        let some = (0..<50).map { _ in GeneratedPassword.make() }
        #expect(some.allSatisfy { PasswordRule.problem(of: $0) == nil })
        #expect(Set(some.map { $0.withBytes { String(decoding: $0, as: UTF8.self) } }).count == 50)
    }

    @Test func aFullQueueRefusesAtOnce() async throws {
        let queue = PasswordQueue(limit: 2)
        let outcomes = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
            for _ in 0..<6 {
                group.addTask {
                    do throws(PasswordFailure) {
                        _ = try await queue.hash(SecretBytes(Array("SecurePassword123!".utf8)))
                        return true
                    } catch { return error != .busy }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(true) && outcomes.contains(false))
        // Afterwards there is room again.
        _ = try await queue.hash(SecretBytes(Array("SecurePassword123!".utf8)))
    }

    /// The shortest of several, and more of them on a busy machine: what else runs only makes each longer.
    @Test func unknownUsersTakeAsLong() async throws {
        let queue = PasswordQueue()
        let hash = try PasswordHash.make(secret("SecurePassword123!"))
        var shortest: (known: Duration, unknown: Duration) = (.seconds(60), .seconds(60))
        func time(_ hash: PasswordHash?) async throws -> Duration {
            let start = ContinuousClock.now
            #expect(try await !queue.verify(SecretBytes(Array("wrong".utf8)), against: hash))
            return .now - start
        }
        var isEqual = false
        for turn in 1...40 where !isEqual {
            shortest.known = min(shortest.known, try await time(hash))
            shortest.unknown = min(shortest.unknown, try await time(nil))
            isEqual = turn >= 9 && (0.5...2).contains(shortest.known / shortest.unknown)
        }
        #expect(isEqual, "known \(shortest.known), unknown \(shortest.unknown)")
    }
}
