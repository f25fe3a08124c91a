import Testing

@testable import Model

@Suite("Number set")
struct NumberSetTests {
    @Test("agrees with a set of numbers under random inserts and removes")
    func againstSet() {
        var generator = SeededGenerator(seed: 7)
        var numbers = NumberSet()
        var expected: Set<UInt64> = []
        for step in 0..<20_000 {
            // Dense enough that words and words of words get full.
            let number = UInt64.random(in: 0..<9000, using: &generator)
            if step % 5 < 4 {
                numbers.insert(number)
                expected.insert(number)
            } else {
                numbers.remove(number)
                expected.remove(number)
            }
            guard step % 16 == 0 else { continue }
            let start = UInt64.random(in: 0..<9500, using: &generator)
            let first = (start...).first { !expected.contains($0) }
            #expect(numbers.firstAbsent(from: start) == first)
            #expect(numbers.contains(start) == expected.contains(start))
        }
        for number in expected { numbers.remove(number) }
        #expect((0..<9000).allSatisfy { numbers.firstAbsent(from: $0) == $0 })
    }

    @Test("a full run of 300,000 numbers is passed in a few steps")
    func fullRun() {
        var numbers = NumberSet()
        for number in 0..<UInt64(300_000) { numbers.insert(number) }
        #expect(numbers.firstAbsent(from: 0) == 300_000)
        numbers.remove(123_456)
        #expect(numbers.firstAbsent(from: 0) == 123_456)
        #expect(numbers.firstAbsent(from: 123_457) == 300_000)
    }

    @Test("the ends of the range")
    func ends() {
        var numbers = NumberSet()
        #expect(numbers.firstAbsent(from: .max) == UInt64.max)
        numbers.insert(.max)
        #expect(numbers.firstAbsent(from: .max) == nil)
        #expect(numbers.firstAbsent(from: .max - 1) == UInt64.max - 1)
        for number in UInt64.max - 200...UInt64.max { numbers.insert(number) }
        #expect(numbers.firstAbsent(from: .max - 150) == nil)
        #expect(numbers.firstAbsent(from: .max - 201) == UInt64.max - 201)
    }
}
