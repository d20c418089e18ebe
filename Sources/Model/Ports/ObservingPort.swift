/// Looks at the world again while a plan is executed. Never throws: what cannot be seen is an
/// unknown fact with its reason.
package protocol Observing: Sendable {
    func node(_ identity: NodeIdentity) async -> NodeFacts
    func cluster(controlPlanes: [NodeIdentity]) async -> ClusterFacts
    func pods(on node: NodeName) async -> Observed<[PodFacts]>
    func component(_ component: KubernetesComponent, on node: NodeIdentity) async -> ComponentFacts
}
