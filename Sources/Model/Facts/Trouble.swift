/// A known trouble, found in the live cluster.
package struct Trouble: Sendable, Codable, Equatable {
    /// A short stable name: `etcd.stale-member`.
    package var code: String
    /// One line: what is wrong.
    package var summary: String
    /// What was seen that says so.
    package var evidence: [String]
    /// What to do: a command, or a sentence.
    package var fix: String
    /// What `bump doctor --fix` does about it; nil when it takes a person.
    package var remedy: Remedy?

    package init(
        _ code: String, _ summary: String, evidence: [String], fix: String, remedy: Remedy? = nil
    ) {
        self.code = code
        self.summary = summary
        self.evidence = evidence
        self.fix = fix
        self.remedy = remedy
    }

    /// An act that cannot make it worse, as far as it was looked at. Done only after asking.
    package enum Remedy: Sendable, Codable, Equatable, CustomStringConvertible {
        /// Only while the others are a quorum; asked of `through`, a healthy member.
        case removeMember(id: UInt64, name: String, through: NodeIdentity)
        case uncordon(NodeName)
        /// Deletes the object without waiting for a kubelet that is gone.
        case deleteByForce(PodReference, node: NodeName)

        package var description: String {
            switch self {
            case .removeMember(let id, let name, let through):
                "remove member \(EtcdFacts.hex(id)) (\(name)) from etcd, through \(through.name)"
            case .uncordon(let node): "uncordon \(node)"
            case .deleteByForce(let pod, let node):
                "delete pod \(pod) by force, whose node \(node) is gone"
            }
        }
    }
}
