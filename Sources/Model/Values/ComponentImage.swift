/// A container image of a Kubernetes component, taken apart so that only the version in its tag
/// need change: a mirror's host, a custom repository and a `-slim` or `-fat` suffix stay.
package struct ComponentImage: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Host and path, without tag and digest: `registry.k8s.io/kube-apiserver`.
    package var repository: String
    package var version: Version
    /// What follows the version in the tag, with its dash: `-slim`; empty when there is nothing.
    package var suffix: String

    package init(repository: String, version: Version, suffix: String = "") {
        self.repository = repository
        self.version = version
        self.suffix = suffix
    }

    /// Reads a reference. A digest is dropped, since another version needs another one. Nil when
    /// the tag holds no version.
    package init?(_ reference: String) {
        let plain = reference.prefix { $0 != "@" }
        guard let colon = plain.lastIndex(of: ":"), !plain[colon...].contains("/") else {
            return nil
        }
        let tag = plain[plain.index(after: colon)...]
        var number = tag
        var suffix = Substring()
        for known in Self.suffixes where tag.hasSuffix(known) {
            number = tag.dropLast(known.count)
            suffix = tag.suffix(known.count)
        }
        guard !plain[..<colon].isEmpty, let version = Version(String(number)) else { return nil }
        self.init(
            repository: String(plain[..<colon]), version: version, suffix: String(suffix))
    }

    /// The same image at another version.
    package func at(_ version: Version) -> ComponentImage {
        ComponentImage(repository: repository, version: version, suffix: suffix)
    }

    package var description: String { "\(repository):\(version.tag)\(suffix)" }

    /// The kubelet's image variants (siderolabs/kubelet).
    private static let suffixes = ["-slim", "-fat"]
}
