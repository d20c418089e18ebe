/// The cluster as a whole at one moment: what gates are decided by.
package struct ClusterFacts: Sendable, Codable, Equatable {
    package var nodes: Observed<[KubernetesNodeFacts]>
    package var etcd: Observed<EtcdFacts>

    package init(nodes: Observed<[KubernetesNodeFacts]>, etcd: Observed<EtcdFacts>) {
        self.nodes = nodes
        self.etcd = etcd
    }
}
