public import Database
public import Gateway

extension GatewayDatabase: IdempotencyStore {}

extension GatewayDatabase: SummaryStore {}
