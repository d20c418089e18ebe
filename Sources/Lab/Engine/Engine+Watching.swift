package import Simulation

extension Engine {
    /// Calls the body now, after each batch of changes of which one `matters`, and at least once
    /// in every `patrol`. Looks that come while the body works are joined into one. Returns when
    /// `end` finishes or the task is cancelled; throws what the body throws.
    package func watch(
        patrol: Duration, until end: AsyncStream<Void>? = nil,
        matters: @escaping @Sendable (ObjectChange) -> Bool = { _ in true },
        _ body: () async throws -> Void
    ) async throws {
        let (looks, look) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let changes = changes()
        look.yield()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                for await batch in changes where batch.contains(where: matters) { look.yield() }
            }
            group.addTask {
                while (try? await Task.sleep(for: patrol)) != nil { look.yield() }
                look.finish()
            }
            if let end {
                group.addTask {
                    for await _ in end {}
                    look.finish()
                }
            }
            defer { group.cancelAll() }
            for await _ in looks { try await body() }
        }
    }
}
