import Model

/// The hands of the driver: looks and acts through the ports, each call bounded.
struct Performer: Sendable {
    let observing: any Observing
    let operating: Operator
    /// Who is asked about etcd.
    let controlPlanes: [NodeIdentity]

    func keepLease() async -> Problem? { await operating.keepLease() }

    func look(at subject: Subject) async -> Observation {
        switch subject {
        case .node(let identity): .node(await observing.node(identity))
        case .cluster: .cluster(await observing.cluster(controlPlanes: controlPlanes))
        case .pods(let node): .pods(await observing.pods(on: node))
        case .component(let component, let node):
            .component(await observing.component(component, on: node))
        }
    }

    func evict(_ pods: [PodReference]) async -> [EvictionAnswer] {
        await withTaskGroup(of: (Int, EvictionAnswer).self) { group in
            var answers = [EvictionAnswer](repeating: .tryAgain("not asked"), count: pods.count)
            var next = 0
            func ask() {
                guard next < pods.count else { return }
                let index = next
                next += 1
                group.addTask {
                    let result = await perform(.evict(pods[index]), limit: .seconds(30))
                    switch result {
                    case .success(.evicted(let answer)): return (index, answer)
                    case .success(.done): return (index, .accepted)
                    case .failure(let problem):
                        return (index, .tryAgain(problem.summary))
                    }
                }
            }
            for _ in 0..<Self.evictionsAtOnce { ask() }
            for await (index, answer) in group {
                answers[index] = answer
                ask()
            }
            return answers
        }
    }

    /// Performs within the limit, whatever the port does.
    func perform(
        _ operation: Operation, limit: Duration,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) async -> Driver.Answer {
        await withTaskGroup(of: Driver.Answer.self) { group in
            group.addTask {
                do {
                    return .success(
                        try await operating.perform(operation, limit: limit, report: report))
                } catch {
                    return .failure(Problem(error))
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit + Self.grace)
                return .failure(
                    Problem(
                        .stopped, "No end after \(limit.components.seconds) seconds.",
                        fix: "bump status, then: bump resume"))
            }
            let first =
                await group.next() ?? .failure(Problem(.bug, "An operation gave no answer."))
            group.cancelAll()
            return first
        }
    }

    private static let grace = Duration.seconds(15)
    private static let evictionsAtOnce = 16
}
