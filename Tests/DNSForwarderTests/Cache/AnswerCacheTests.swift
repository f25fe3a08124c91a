import DNSPolicy
import Testing

@testable import DNSForwarder

@Suite struct AnswerCacheTests {
    private let start = ContinuousClock.now

    private func key(_ name: String) throws -> AnswerCache.Key {
        AnswerCache.Key(name: try DomainName(text: name), type: .a, isDNSSECOK: false, isCheckingDisabled: false)
    }

    private func stored(_ answer: Answer, _ cache: AnswerCache, at seconds: Int) throws -> Bool {
        cache.store(answer, for: try key("x.example"), now: start)
        return cache.answer(for: try key("x.example"), now: start.advanced(by: .seconds(seconds))) != nil
    }

    /// RFC 2308, 5: without an SOA record a negative answer is not kept; its time is the smaller of two.
    @Test func negativeAnswers() throws {
        let cache = AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 0...86_400)
        #expect(try !stored(Answer(.nameError), cache, at: 0))
        #expect(try !stored(Answer(.noError), cache, at: 0))
        #expect(try !stored(Answer(.serverFailure, authority: [TestPipeline.soa("example")]), cache, at: 0))
        #expect(try !stored(Answer(.refused), cache, at: 0))
        let negative = Answer(.nameError, authority: [try TestPipeline.soa("example", ttl: 600, minimum: 60)])
        #expect(try stored(negative, cache, at: 59))
        #expect(try !stored(negative, cache, at: 60))
        let other = Answer(.noError, authority: [try TestPipeline.soa("example", ttl: 30, minimum: 60)])
        #expect(try stored(other, cache, at: 29))
        #expect(try !stored(other, cache, at: 30))
        let alias = Answer(
            .nameError, answers: [try TestPipeline.cname("x.example", "y.example", ttl: 5)],
            authority: [try TestPipeline.soa("example")])
        #expect(try stored(alias, cache, at: 4))
        #expect(try !stored(alias, cache, at: 5))
    }

    @Test func timesAreBroughtIntoTheRange() throws {
        let cache = AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 20...100)
        #expect(try stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 1)]), cache, at: 19))
        #expect(
            try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 1)]), cache, at: 20))
        #expect(
            try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 1000)]), cache, at: 100)
        )
        let none = AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 0...100)
        #expect(try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 0)]), none, at: 0))
    }

    @Test func theSizeIsBounded() throws {
        let cache = AnswerCache(maxEntries: 100, maxBytes: 1_000_000, ttl: 0...86_400)
        for number in 0..<1000 {
            let name = "n\(number).example"
            cache.store(
                Answer(answers: [try TestPipeline.address(name, "198.51.100.1")]), for: try key(name), now: start)
            // What is asked for again and again stays.
            if number > 0 { #expect(cache.answer(for: try key("n0.example"), now: start) != nil) }
            #expect(cache.count <= 100)
        }
        let small = AnswerCache(maxEntries: 1000, maxBytes: 4000, ttl: 0...86_400)
        for number in 0..<1000 {
            let name = "n\(number).example"
            small.store(
                Answer(answers: [try TestPipeline.address(name, "198.51.100.1")]), for: try key(name), now: start)
        }
        #expect(small.count < 20)
        #expect(small.count > 2)
        let none = AnswerCache(maxEntries: 0, maxBytes: 4000, ttl: 0...86_400)
        #expect(try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1")]), none, at: 0))
    }

    @Test func forgettingEverything() throws {
        let cache = AnswerCache(maxEntries: 100, maxBytes: 1_000_000, ttl: 0...86_400)
        #expect(try stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1")]), cache, at: 1))
        cache.removeAll()
        #expect(cache.count == 0)
        #expect(cache.answer(for: try key("x.example"), now: start) == nil)
    }
}
