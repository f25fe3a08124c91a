import Gateway

extension APIServices {
    /// Asks what was observed.
    ///
    /// - Throws: ``APIFailure`` when the history can't be read.
    func askTelemetry<Answer: Sendable>(
        _ question: (any TelemetryService) async throws(GatewayFailure) -> Answer
    ) async throws(APIFailure) -> Answer {
        do throws(GatewayFailure) {
            return try await question(telemetry)
        } catch {
            throw APIFailure(error)
        }
    }
}
