package import Model

/// Reads what a Kubernetes upgrade looks at besides what every plan looks at.
package struct KubernetesSurveyor: Sendable {
    private let components: any ComponentReading
    private let workloads: any WorkloadReading

    package init(components: any ComponentReading, workloads: any WorkloadReading) {
        self.components = components
        self.workloads = workloads
    }

    /// Asks all nodes at the same time; what does not answer is an unknown fact.
    ///
    /// - Parameter resources: APIs whose objects are looked for.
    package func survey(
        _ nodes: [NodeIdentity], resources: [APIResource]
    ) async -> KubernetesSurvey {
        async let images = settings(of: nodes)
        async let pods = observed { try await workloads.componentPods() }
        async let commands = observed { try await arguments(of: nodes) }
        async let stored = objects(of: resources)
        let all = await images
        let runsProxy = all.values.contains { settings in
            settings.value?.contains { $0.component == .proxy } ?? false
        }
        return KubernetesSurvey(
            settings: all, pods: await pods, arguments: await commands, objects: await stored,
            runsProxy: runsProxy)
    }

    private func settings(
        of nodes: [NodeIdentity]
    ) async -> [NodeName: Observed<[ComponentSetting]>] {
        await withTaskGroup(of: (NodeName, Observed<[ComponentSetting]>).self) { group in
            for node in nodes {
                group.addTask {
                    (node.name, await observed { try await components.settings(of: node) })
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func arguments(of nodes: [NodeIdentity]) async throws -> [ComponentArguments] {
        try await withThrowingTaskGroup(of: [ComponentArguments].self) { group in
            for node in nodes {
                group.addTask { try await components.arguments(of: node) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func objects(of resources: [APIResource]) async -> [APIResource: Observed<[String]>] {
        await withTaskGroup(of: (APIResource, Observed<[String]>).self) { group in
            for resource in resources {
                group.addTask {
                    (resource, await observed { try await workloads.objects(of: resource) })
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
